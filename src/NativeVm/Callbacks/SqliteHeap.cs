using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NativeVm.Callbacks;

namespace NativeVm;

/// <summary>
/// SQLite's memory from a heap. A process has one SQLite, and so one heap for it:
/// <code>
/// SqliteHeap.Bind(heap);
/// SqliteMemoryMethods methods = SqliteHeap.Methods;
/// sqlite3_config(SQLITE_CONFIG_MALLOC, &amp;methods);      // before sqlite3_initialize
/// </code>
/// </summary>
/// <remarks>
/// SQLite asks for less than 2 GiB at a time, and calls from any thread. The rules of <see cref="VmHeapFunctions"/> hold
/// for exceptions and misuse.
/// </remarks>
public static unsafe class SqliteHeap
{
    private const int Ok = 0;
    private const int Error = 1;

    // SQLite's own allocator rounds up to 8, and some of its figures expect it.
    private const int Granularity = 8;

    private static VmHeap? _heap;

    /// <summary>The table of functions to give to SQLite, which copies it.</summary>
    public static SqliteMemoryMethods Methods => new()
    {
        Malloc = &MallocCore,
        Free = &FreeCore,
        Realloc = &ReallocCore,
        Size = &SizeCore,
        RoundUp = &RoundUpCore,
        Init = &InitCore,
        Shutdown = &ShutdownCore,
    };

    /// <summary>The heap that SQLite has; null when there is none.</summary>
    public static VmHeap? BoundHeap => Volatile.Read(ref _heap);

    /// <summary>Names the heap.</summary>
    /// <param name="heap">The heap; it has to live until <c>sqlite3_shutdown</c> has returned.</param>
    /// <exception cref="ArgumentNullException">There is no heap.</exception>
    /// <exception cref="InvalidOperationException">Another heap is bound.</exception>
    public static void Bind(VmHeap heap)
    {
        ArgumentNullException.ThrowIfNull(heap);
        if (Interlocked.CompareExchange(ref _heap, heap, null) is { } other && other != heap)
        {
            throw new InvalidOperationException($"SQLite has the heap '{other.Name}'; shut it down and {nameof(Unbind)} first.");
        }
    }

    /// <summary>Names no heap: SQLite has been shut down.</summary>
    public static void Unbind() => Volatile.Write(ref _heap, null);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void* MallocCore(int size) => size <= 0 ? null : HeapCalls.Allocate(_heap, (nuint)size);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void FreeCore(void* block) => HeapCalls.Free(_heap, block);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void* ReallocCore(void* block, int size) => size <= 0 ? null : HeapCalls.Reallocate(_heap, block, (nuint)size);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int SizeCore(void* block) => (int)Math.Min(HeapCalls.GetUsableByteCount(_heap, block), int.MaxValue);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int RoundUpCore(int size) =>
        size > int.MaxValue - Granularity ? size : (size + (Granularity - 1)) & ~(Granularity - 1);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int InitCore(void* appData) => _heap is null ? Error : Ok;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void ShutdownCore(void* appData)
    {
        // The heap is its user's.
    }
}
