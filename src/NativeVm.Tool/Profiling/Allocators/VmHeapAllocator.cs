using System.Runtime.CompilerServices;
using NativeVm.Platform;

namespace NativeVm.Tool.Profiling.Allocators;

/// <summary>A <see cref="VmHeap"/> with the options that it has when none are given.</summary>
internal readonly unsafe struct VmHeapAllocator : IHeapAllocator
{
    private readonly VmHeap _heap;

    private VmHeapAllocator(VmHeap heap) => _heap = heap;

    /// <inheritdoc/>
    public long? SystemCallCount => VmPlatform.Current.SystemCallCount;

    /// <summary>An empty heap.</summary>
    public static VmHeapAllocator Create() => new(new VmHeap(new VmHeapOptions()));

    /// <inheritdoc/>
    public nuint Allocate(nuint byteCount) => (nuint)_heap.Allocate(byteCount);

    /// <inheritdoc/>
    public void Free(nuint block, nuint byteCount) => _heap.Free((void*)block);

    /// <inheritdoc/>
    public nuint AllocateAligned(nuint byteCount, nuint alignment) => (nuint)_heap.AllocateAligned(byteCount, alignment);

    /// <inheritdoc/>
    public nuint Resize(nuint address, nuint oldByteCount, nuint byteCount) =>
        (nuint)_heap.Reallocate((void*)address, byteCount);

    /// <inheritdoc/>
    public void FreeAligned(nuint address, nuint byteCount) => _heap.Free((void*)address);

    /// <inheritdoc/>
    public ref byte FirstByte(nuint block) => ref Unsafe.AsRef<byte>((void*)block);

    /// <inheritdoc/>
    public void Dispose() => _heap.Dispose();
}
