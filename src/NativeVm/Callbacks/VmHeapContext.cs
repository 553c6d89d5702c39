using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NativeVm.Callbacks;

namespace NativeVm;

/// <summary>
/// A heap as an opaque pointer, and C's allocator in the shapes of libraries that pass such a pointer along: first
/// (zlib, bzip2, Lua, FreeType, mimalloc-like interfaces) or last (libpng-like, XML parsers).
/// </summary>
/// <remarks>
/// The functions are the same for all contexts; the pointer says which heap. It is no address, and never null: after the
/// context is disposed of, the functions return null for it and free nothing. For exceptions and misuse the rules of
/// <see cref="VmHeapFunctions"/> hold. Safe for any number of threads.
/// </remarks>
public sealed unsafe class VmHeapContext : IDisposable
{
    /// <summary>Makes a context of a heap.</summary>
    /// <param name="heap">The heap; the context keeps it alive, and does not own it.</param>
    /// <exception cref="ArgumentNullException">There is no heap.</exception>
    /// <exception cref="InvalidOperationException">There are 65,536 contexts already.</exception>
    public VmHeapContext(VmHeap heap)
    {
        ArgumentNullException.ThrowIfNull(heap);
        Heap = heap;
        Opaque = (void*)ContextTable.Add(this);
    }

    /// <summary><c>void *(void *context, size_t size)</c>.</summary>
    public static delegate* unmanaged[Cdecl]<void*, nuint, void*> MallocContextFirst => &MallocFirstCore;

    /// <summary><c>void (void *context, void *ptr)</c>; also zlib's <c>free_func</c> and bzip2's <c>bzfree</c>.</summary>
    public static delegate* unmanaged[Cdecl]<void*, void*, void> FreeContextFirst => &FreeFirstCore;

    /// <summary><c>void *(void *context, void *ptr, size_t size)</c>; size 0 frees and returns null.</summary>
    public static delegate* unmanaged[Cdecl]<void*, void*, nuint, void*> ReallocContextFirst => &ReallocFirstCore;

    /// <summary><c>void *(void *context, size_t nmemb, size_t size)</c>.</summary>
    public static delegate* unmanaged[Cdecl]<void*, nuint, nuint, void*> CallocContextFirst => &CallocFirstCore;

    /// <summary><c>void *(void *context, size_t size, size_t alignment)</c>.</summary>
    public static delegate* unmanaged[Cdecl]<void*, nuint, nuint, void*> AlignedContextFirst => &AlignedFirstCore;

    /// <summary><c>void *(size_t size, void *context)</c>.</summary>
    public static delegate* unmanaged[Cdecl]<nuint, void*, void*> MallocContextLast => &MallocLastCore;

    /// <summary><c>void (void *ptr, void *context)</c>.</summary>
    public static delegate* unmanaged[Cdecl]<void*, void*, void> FreeContextLast => &FreeLastCore;

    /// <summary><c>void *(void *ptr, size_t size, void *context)</c>; size 0 frees and returns null.</summary>
    public static delegate* unmanaged[Cdecl]<void*, nuint, void*, void*> ReallocContextLast => &ReallocLastCore;

    /// <summary><c>void *(size_t nmemb, size_t size, void *context)</c>.</summary>
    public static delegate* unmanaged[Cdecl]<nuint, nuint, void*, void*> CallocContextLast => &CallocLastCore;

    /// <summary>zlib's <c>voidpf alloc_func(voidpf opaque, uInt items, uInt size)</c>, and bzip2's <c>bzalloc</c>.</summary>
    public static delegate* unmanaged[Cdecl]<void*, uint, uint, void*> Zalloc => &ZallocCore;

    /// <summary>
    /// Lua's <c>void *lua_Alloc(void *ud, void *ptr, size_t osize, size_t nsize)</c>: size 0 frees; a block that is made
    /// smaller stays where it is if there is no memory for another, because Lua does not expect a refusal then.
    /// </summary>
    public static delegate* unmanaged[Cdecl]<void*, void*, nuint, nuint, void*> LuaAlloc => &LuaAllocCore;

    /// <summary>The heap.</summary>
    public VmHeap Heap { get; }

    /// <summary>What native code passes along as its opaque pointer.</summary>
    public void* Opaque { get; }

    /// <summary>From now on the pointer is no context. A second call does nothing.</summary>
    public void Dispose() => ContextTable.Remove(this);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void* MallocFirstCore(void* context, nuint size) => HeapCalls.Allocate(ContextTable.Find(context), size);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void FreeFirstCore(void* context, void* block) => HeapCalls.Free(ContextTable.Find(context), block);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void* ReallocFirstCore(void* context, void* block, nuint size) =>
        HeapCalls.Reallocate(ContextTable.Find(context), block, size);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void* CallocFirstCore(void* context, nuint count, nuint size) =>
        HeapCalls.AllocateZeroed(ContextTable.Find(context), count, size);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void* AlignedFirstCore(void* context, nuint size, nuint alignment) =>
        HeapCalls.AllocateAligned(ContextTable.Find(context), size, alignment);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void* MallocLastCore(nuint size, void* context) => HeapCalls.Allocate(ContextTable.Find(context), size);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void FreeLastCore(void* block, void* context) => HeapCalls.Free(ContextTable.Find(context), block);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void* ReallocLastCore(void* block, nuint size, void* context) =>
        HeapCalls.Reallocate(ContextTable.Find(context), block, size);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void* CallocLastCore(nuint count, nuint size, void* context) =>
        HeapCalls.AllocateZeroed(ContextTable.Find(context), count, size);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void* ZallocCore(void* context, uint items, uint size)
    {
        ulong byteCount = (ulong)items * size;
        return byteCount > nuint.MaxValue ? null : HeapCalls.Allocate(ContextTable.Find(context), (nuint)byteCount);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void* LuaAllocCore(void* context, void* block, nuint oldSize, nuint newSize)
    {
        VmHeap? heap = ContextTable.Find(context);
        if (newSize == 0)
        {
            HeapCalls.Free(heap, block);
            return null;
        }

        // Of a new object, the old size is its type.
        void* result = HeapCalls.Reallocate(heap, block, newSize);
        return result is null && block is not null && newSize <= oldSize && heap is not null ? block : result;
    }
}
