namespace NativeVm.Pages;

internal sealed unsafe partial class PageShard
{
    // Pages of the map are taken in units, so that no word of bits is another shard's.
    private const uint Unit = 64;
    private const ulong LeastStep = 512;
    private const ulong MostStep = 16384;

    /// <summary>Takes pages from the map, at least as many as a run needs, and adds them to what is free.</summary>
    /// <returns>Success; then a run of the length fits at the alignment. Otherwise nothing has changed.</returns>
    public VmResult Grow(uint count, in PageAlignment alignment)
    {
        // The record of the new run, and two for whoever carves it.
        if (!TryReserveRecords(3))
        {
            return VmResult.ResourceShortage;
        }

        ulong unit = Math.Max(Unit, _source.HugePageCount);
        VmResult result = VmResult.NoSpace;
        bool isPlain = ulong.IsPow2(alignment.PageCount);
        if (isPlain)
        {
            ulong step = Math.Clamp(ReservedPageCount / 4, LeastStep, MostStep);
            ulong least = RoundUp(count, unit);
            ulong generous = RoundUp(Math.Max(count, step), unit);
            ulong multiple = Math.Max(unit, alignment.PageCount);
            result = Obtain(generous, multiple);
            if (!result.IsSuccess && least < generous)
            {
                result = Obtain(least, multiple);
            }
        }

        return result.IsSuccess || _index != 0 ? result : Obtain(count, alignment.PageCount);
    }

    /// <summary>Adds a range of the map's pages to what is free, zeroed.</summary>
    private VmResult Obtain(ulong count, ulong multiple)
    {
        if (count > uint.MaxValue || multiple > nuint.MaxValue >> _source.PageShift)
        {
            return VmResult.NoSpace;
        }

        VmResult result = _source.Obtain((uint)count, multiple, out ulong start);
        if (!result.IsSuccess)
        {
            return result;
        }

        uint id = TakeRecord();
        PageRun* run = _runs + id;
        run->Start = start;
        run->Count = (uint)count;
        run->DirtyCount = 0;
        run->Stamp = 0;
        _pages.MarkClean(start, (uint)count);
        ReservedPageCount += count;
        if (_source.CommitsOnDemand)
        {
            _pages.MarkAbsent(start, (uint)count);
            AbsentPageCount += count;
        }

        Join(id);
        return VmResult.Success;
    }

    private static ulong RoundUp(ulong count, ulong unit) => (count + (unit - 1)) / unit * unit;
}
