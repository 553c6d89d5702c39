namespace NativeVm.Pages;

internal sealed unsafe partial class PageShard
{
    /// <summary>Cuts off the end of a run in use.</summary>
    /// <returns>Whether there was a record for the rest.</returns>
    public bool TryShorten(uint id, uint count, uint now)
    {
        if (!TryReserveRecords(1))
        {
            return false;
        }

        PageRun* run = _runs + id;
        uint rest = TakeRecord();
        PageRun* tail = _runs + rest;
        tail->Start = run->Start + count;
        tail->Count = run->Count - count;
        run->Count = count;
        _pages.SetEnds(run, id);
        Return(rest, now);
        return true;
    }

    /// <summary>Takes pages for a run in use from the free run behind it.</summary>
    /// <param name="id">The run.</param>
    /// <param name="count">The length that it is to have.</param>
    /// <param name="isDirty">Whether any of the added pages is not known to be zero.</param>
    /// <returns>Whether there were enough, and the limit and the system allowed it.</returns>
    public bool TryLengthen(uint id, uint count, out bool isDirty)
    {
        isDirty = false;
        PageRun* run = _runs + id;
        uint added = count - run->Count;
        ulong end = run->End;
        if (!TryReserveRecords(2)
            || !TryGetFreeStartingAt(end, out uint next)
            || _runs[next].Count < added
            || !Populate(end, added, out uint dirtyCount).IsSuccess)
        {
            return false;
        }

        Carve(next, end, added, dirtyCount);
        DropRecord(next);
        run->Count = count;
        _pages.SetEnds(run, id);
        isDirty = dirtyCount != 0;
        return true;
    }
}
