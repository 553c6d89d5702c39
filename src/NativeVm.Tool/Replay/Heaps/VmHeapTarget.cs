namespace NativeVm.Tool.Replay.Heaps;

/// <summary>A <see cref="VmHeap"/> with the options that it has when none are given.</summary>
internal sealed unsafe class VmHeapTarget : IHeapTarget
{
    private readonly VmHeap _heap = new(new VmHeapOptions());

    /// <inheritdoc/>
    public bool TryAllocate(nuint byteCount, nuint alignment, out nuint address)
    {
        bool isDone = alignment == 0
            ? _heap.TryAllocate(byteCount, out void* block)
            : _heap.TryAllocateAligned(byteCount, alignment, out block);
        address = (nuint)block;
        return isDone;
    }

    /// <inheritdoc/>
    public bool TryResize(nuint address, nuint oldByteCount, nuint byteCount, out nuint moved)
    {
        bool isDone = _heap.TryReallocate((void*)address, byteCount, out void* block);
        moved = isDone ? (nuint)block : address;
        return isDone;
    }

    /// <inheritdoc/>
    public void Free(nuint address, nuint byteCount, bool isAligned) => _heap.Free((void*)address);

    /// <inheritdoc/>
    public void Dispose() => _heap.Dispose();
}
