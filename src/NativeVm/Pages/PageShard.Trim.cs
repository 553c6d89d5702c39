namespace NativeVm.Pages;

/// <content>
/// Giving memory back takes three steps, because the system must not be waited for under the gate: runs are taken
/// out of their bin, where nobody can allocate or join them; the system is asked, without the gate; they are put
/// back, clean, and joined with what has become free beside them meanwhile.
/// </content>
internal sealed unsafe partial class PageShard
{
    private const int MostAtOnce = 64;

    /// <summary>Whether a bin has anything. Needs no gate; the answer may be out of date.</summary>
    public bool HasRuns(uint bin) => _bins.Head(bin) != 0;

    /// <summary>Takes runs that hold something out of a bin.</summary>
    /// <param name="bin">The bin.</param>
    /// <param name="now">What age is counted to.</param>
    /// <param name="age">Milliseconds for which a run has been free at least.</param>
    /// <param name="need">How many pages are enough.</param>
    /// <returns>The first of a chain linked by <see cref="PageRun.Next"/>, or 0.</returns>
    public uint Detach(uint bin, uint now, uint age, ulong need)
    {
        uint chain = 0;
        ulong dirty = 0;
        uint id = _bins.Head(bin);
        for (int taken = 0; id != 0 && taken < MostAtOnce && dirty < need;)
        {
            PageRun* run = _runs + id;
            uint next = run->Next;
            if (run->DirtyCount != 0 && unchecked(now - run->Stamp) >= age && Narrow(run, out _, out _))
            {
                _bins.Remove(id);
                run->State = PageRunState.Trimmed;
                run->Next = chain;
                chain = id;
                dirty += run->DirtyCount;
                taken++;
            }

            id = next;
        }

        return chain;
    }

    /// <summary>The pages of a detached run that one call is to give back: all from the first to the last that hold something.</summary>
    /// <remarks>Needs no gate.</remarks>
    public bool TryGetSpan(uint id, out ulong start, out ulong end)
    {
        if (!Narrow(_runs + id, out start, out ulong limit) || !_pages.TryFindDirty(ref start, limit, out end))
        {
            end = start;
            return false;
        }

        ulong next = end;
        while (_pages.TryFindDirty(ref next, limit, out ulong dirtyEnd))
        {
            end = next = dirtyEnd;
        }

        if (_source.HugePageCount != 0)
        {
            start = RoundDown(start, _source.HugePageCount);
            end = RoundUp(end, _source.HugePageCount);
        }

        return true;
    }

    /// <summary>Puts a detached run back, with pages of it clean.</summary>
    /// <param name="id">The run.</param>
    /// <param name="start">The first page that has been given back.</param>
    /// <param name="count">How many have; 0 when the system refused.</param>
    /// <returns>How many of them held something.</returns>
    public uint Reattach(uint id, ulong start, uint count)
    {
        PageRun* run = _runs + id;
        uint cleaned = _pages.CountDirty(start, count);
        _pages.MarkClean(start, count);
        run->DirtyCount -= cleaned;
        RetainedPageCount -= cleaned;
        if (_source.CommitsOnDemand)
        {
            AbsentPageCount += count - _pages.CountAbsent(start, count);
            _pages.MarkAbsent(start, count);
        }

        Join(id);
        return cleaned;
    }

    /// <summary>Forgets a detached run, which has gone back to the map.</summary>
    /// <returns>How many pages of it held something.</returns>
    public uint Forget(uint id)
    {
        PageRun* run = _runs + id;
        uint cleaned = run->DirtyCount;
        AbsentPageCount -= _pages.CountAbsent(run->Start, run->Count);
        _pages.MarkClean(run->Start, run->Count);
        _pages.MarkPresent(run->Start, run->Count);
        RetainedPageCount -= cleaned;
        ReservedPageCount -= run->Count;
        DropRecord(id);
        return cleaned;
    }

    // Where huge pages are used, only whole ones are given back: less would break them up and give back little.
    private bool Narrow(PageRun* run, out ulong start, out ulong end)
    {
        ulong unit = _source.HugePageCount;
        start = run->Start;
        end = run->End;
        if (unit != 0)
        {
            start = RoundUp(start, unit);
            end = Math.Max(start, RoundDown(end, unit));
        }

        return start < end;
    }

    private static ulong RoundDown(ulong page, ulong unit) => page / unit * unit;
}
