using System.Diagnostics.CodeAnalysis;

namespace NativeVm.Pages;

internal sealed unsafe partial class PageShard
{
    /// <summary>Proves that the shard's records, lists, bits and counts agree with each other.</summary>
    /// <exception cref="InvalidOperationException">They do not.</exception>
    public void Validate()
    {
        ulong used = 0;
        ulong retained = 0;
        ulong reserved = 0;
        ulong absent = 0;
        ulong free = 0;
        for (uint id = _table.FirstId(_index); id < _nextId; id++)
        {
            PageRun* run = _runs + id;
            int state = Volatile.Read(ref run->State);
            if (state == PageRunState.Spare)
            {
                continue;
            }

            Require(run->Count != 0, "a run has pages", id);
            Require(_pages.GetId(run->Start) == id && _pages.GetId(run->End - 1) == id, "both ends name their run", id);
            reserved += run->Count;
            absent += _pages.CountAbsent(run->Start, run->Count);
            if (state == PageRunState.Free)
            {
                free++;
                retained += run->DirtyCount;
                Require(_pages.CountDirty(run->Start, run->Count) == run->DirtyCount, "the dirty pages are counted", id);
                Require(!TryGetFreeStartingAt(run->End, out _), "free neighbours are joined", id);
            }
            else
            {
                used += run->Count;
            }
        }

        Require(used == UsedPageCount, $"{used} pages are used, and {UsedPageCount} are counted");
        Require(retained == RetainedPageCount, $"{retained} pages are retained, and {RetainedPageCount} are counted");
        Require(reserved == ReservedPageCount, $"{reserved} pages are the shard's, and {ReservedPageCount} are counted");
        Require(absent == AbsentPageCount, $"{absent} pages are absent, and {AbsentPageCount} are counted");
        Require(free == CountListed(), "all free runs are in a bin");
    }

    private ulong CountListed()
    {
        ulong total = 0;
        for (uint bin = _bins.NextFilled(1); bin < PageBins.End; bin = _bins.NextFilled(bin + 1))
        {
            uint previous = 0;
            Require(_bins.Head(bin) != 0, $"bin {bin} is filled");
            for (uint id = _bins.Head(bin); id != 0; id = _runs[id].Next)
            {
                Require(_runs[id].State == PageRunState.Free, "what is in a bin is free", id);
                Require(PageBins.BinOf(_runs[id].Count) == bin, "a run is in the bin of its length", id);
                Require(_runs[id].Previous == previous, "a list leads back", id);
                previous = id;
                total++;
            }
        }

        return total;
    }

    private void Require([DoesNotReturnIf(false)] bool condition, string promise, uint id)
    {
        if (!condition)
        {
            PageRun* run = _runs + id;
            Require(false, $"{promise}: run {id:x} of pages {run->Start:x}-{run->End:x}, state {run->State}");
        }
    }

    private void Require([DoesNotReturnIf(false)] bool condition, string promise)
    {
        if (!condition)
        {
            throw new InvalidOperationException($"The page allocator's shard {_index} is corrupt. It should be that {promise}.");
        }
    }
}
