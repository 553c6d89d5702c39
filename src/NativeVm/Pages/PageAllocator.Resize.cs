using NativeVm.Pages;

namespace NativeVm;

public sealed unsafe partial class PageAllocator
{
    /// <summary>Makes a run longer or shorter where it is.</summary>
    /// <param name="address">Its first byte.</param>
    /// <param name="oldByteCount">Its length in bytes, rounded up to whole pages.</param>
    /// <param name="newByteCount">The length that it is to have, rounded up to whole pages; not 0.</param>
    /// <param name="flags">Whether the pages that are added have to read as zeros.</param>
    /// <returns>Whether it has that length now; if not, nothing has changed.</returns>
    /// <remarks>
    /// It grows into free pages behind it, within the memory limit, and asks the map for none; a caller that is refused
    /// takes another run. What is cut off is free at once. Not for two threads at once on the same run.
    /// </remarks>
    /// <exception cref="ArgumentException">
    /// No run in use of the old length starts there, the new one is 0, or a flag is unknown.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The allocator has been disposed of.</exception>
    public bool TryResizeInPlace(
        nuint address, nuint oldByteCount, nuint newByteCount, PageAllocationFlags flags = PageAllocationFlags.None)
    {
        ArgumentOutOfRangeException.ThrowIfZero(newByteCount);
        RequireFlags(flags);
        uint oldCount = PageCountOf(oldByteCount);
        uint newCount = PageCountOf(newByteCount);
        PageCache cache = Enter();
        uint id;
        bool isInUse;
        bool isDone = false;
        bool isDirty = false;
        try
        {
            id = Find(address, out _);
            isInUse = id != 0 && _runs[id].Count == oldCount
                && (Volatile.Read(ref _runs[id].State) & PageRunState.Mask) == PageRunState.Allocated;
            if (isInUse)
            {
                isDone = newCount == oldCount || Resize(id, newCount, out isDirty);
            }
        }
        finally
        {
            cache.Exit();
        }

        if (!isInUse)
        {
            ThrowNotInUse(address, oldByteCount);
        }

        if (isDone && newCount > oldCount && isDirty && flags == PageAllocationFlags.None)
        {
            Clear(_runs[id].Start + oldCount, newCount - oldCount);
        }

        if (isDone && newCount < oldCount)
        {
            TrimAfterFree();
        }

        GC.KeepAlive(this);
        return isDone;
    }

    private bool Resize(uint id, uint newCount, out bool isDirty)
    {
        PageShard shard = _shards[id >> _source.Table.Shift];
        isDirty = false;
        shard.Gate.Enter();
        try
        {
            shard.Drain(Now);
            return newCount < _runs[id].Count
                ? shard.TryShorten(id, newCount, Now)
                : shard.TryLengthen(id, newCount, out isDirty);
        }
        finally
        {
            shard.Gate.Exit();
        }
    }
}
