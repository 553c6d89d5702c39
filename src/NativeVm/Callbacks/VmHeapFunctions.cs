using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NativeVm.Callbacks;

namespace NativeVm;

/// <summary>
/// C's allocator over one heap of the process, as function pointers: for libraries that take plain <c>malloc</c> and
/// <c>free</c> with nothing to tell one allocator from another (libcurl's <c>curl_global_init_mem</c>, cJSON, GMP).
/// </summary>
/// <remarks>
/// <para>
/// Where a library passes an opaque pointer along, take <see cref="VmHeapContext"/> instead, of which there can be any
/// number. These functions serve the heap that <see cref="Bind"/> has named; with none they return null.
/// </para>
/// <para>
/// No exception crosses into native code. What a C caller has to expect, no memory, is null; what C leaves undefined, a
/// block freed twice or not from here, is left alone, counted by <see cref="FailureCount"/> and told by the event
/// <c>CallbackFailed</c>. The pointers are valid as long as the process; any thread may call them, those that the runtime
/// has never seen included.
/// </para>
/// </remarks>
public static unsafe class VmHeapFunctions
{
    private static VmHeap? _heap;

    /// <summary><c>void *malloc(size_t size)</c>.</summary>
    public static delegate* unmanaged[Cdecl]<nuint, void*> Malloc => &MallocCore;

    /// <summary><c>void free(void *ptr)</c>.</summary>
    public static delegate* unmanaged[Cdecl]<void*, void> Free => &FreeCore;

    /// <summary><c>void *calloc(size_t nmemb, size_t size)</c>.</summary>
    public static delegate* unmanaged[Cdecl]<nuint, nuint, void*> Calloc => &CallocCore;

    /// <summary><c>void *realloc(void *ptr, size_t size)</c>; size 0 frees and returns null.</summary>
    public static delegate* unmanaged[Cdecl]<void*, nuint, void*> Realloc => &ReallocCore;

    /// <summary><c>void *aligned_alloc(size_t alignment, size_t size)</c>; the size need not be a multiple.</summary>
    public static delegate* unmanaged[Cdecl]<nuint, nuint, void*> AlignedAlloc => &AlignedAllocCore;

    /// <summary><c>void *_aligned_malloc(size_t size, size_t alignment)</c>, whose arguments are the other way round.</summary>
    public static delegate* unmanaged[Cdecl]<nuint, nuint, void*> AlignedMalloc => &AlignedMallocCore;

    /// <summary><c>int posix_memalign(void **memptr, size_t alignment, size_t size)</c>.</summary>
    public static delegate* unmanaged[Cdecl]<void**, nuint, nuint, int> PosixMemalign => &PosixMemalignCore;

    /// <summary><c>size_t malloc_usable_size(void *ptr)</c>.</summary>
    public static delegate* unmanaged[Cdecl]<void*, nuint> MallocUsableSize => &MallocUsableSizeCore;

    /// <summary><c>char *strdup(const char *s)</c>.</summary>
    public static delegate* unmanaged[Cdecl]<byte*, byte*> Strdup => &StrdupCore;

    /// <summary>Calls from native code, through any shape, that were misuse or failed unexpectedly since the process began.</summary>
    public static long FailureCount => CallbackFailures.Count;

    /// <summary>The heap that the functions serve; null when there is none.</summary>
    public static VmHeap? BoundHeap => Volatile.Read(ref _heap);

    /// <summary>Has the functions serve a heap.</summary>
    /// <param name="heap">The heap; it has to live as long as native code has blocks of it.</param>
    /// <exception cref="ArgumentNullException">There is no heap.</exception>
    /// <exception cref="InvalidOperationException">Another heap is bound: its blocks would be freed on this one.</exception>
    public static void Bind(VmHeap heap)
    {
        ArgumentNullException.ThrowIfNull(heap);
        if (Interlocked.CompareExchange(ref _heap, heap, null) is { } other && other != heap)
        {
            throw new InvalidOperationException($"The functions serve the heap '{other.Name}'; {nameof(Unbind)} it first.");
        }
    }

    /// <summary>Has the functions serve no heap. Native code must have none of its blocks left.</summary>
    public static void Unbind() => Volatile.Write(ref _heap, null);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void* MallocCore(nuint size) => HeapCalls.Allocate(_heap, size);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void FreeCore(void* block) => HeapCalls.Free(_heap, block);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void* CallocCore(nuint count, nuint size) => HeapCalls.AllocateZeroed(_heap, count, size);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void* ReallocCore(void* block, nuint size) => HeapCalls.Reallocate(_heap, block, size);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void* AlignedAllocCore(nuint alignment, nuint size) => HeapCalls.AllocateAligned(_heap, size, alignment);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void* AlignedMallocCore(nuint size, nuint alignment) => HeapCalls.AllocateAligned(_heap, size, alignment);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int PosixMemalignCore(void** block, nuint alignment, nuint size)
    {
        const int InvalidArgument = 22;
        const int NoMemory = 12;
        if ((alignment & (alignment - 1)) != 0 || alignment % (nuint)sizeof(void*) != 0 || alignment == 0)
        {
            return InvalidArgument;
        }

        void* found = HeapCalls.AllocateAligned(_heap, size, alignment);
        if (found is null)
        {
            return NoMemory;
        }

        *block = found;
        return 0;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nuint MallocUsableSizeCore(void* block) => HeapCalls.GetUsableByteCount(_heap, block);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static byte* StrdupCore(byte* text) => HeapCalls.Duplicate(_heap, text);
}
