using NativeVm.Diagnostics;
using NativeVm.Index;
using NativeVm.Platform;
using NativeVm.Reservations;

namespace NativeVm;

/// <content>
/// Growth. The reservation is extended upwards, from <see cref="ReservedEnd"/>, by exact reservations that replace
/// nothing. Each extension is as long as all that is reserved already, 2 MiB at least, and covers what is needed, so
/// that n growths cost O(log n) calls; where a limit forbids that, half of the surplus is given up at a time, down
/// to what is needed. Where somebody else's mapping is in the way, the part below it is reserved, the mapping becomes
/// a foreign entry, and the search goes on above. An attempt that ends without a fit is undone: its reservations are
/// released and its foreign entries forgotten.
/// </content>
public sealed partial class VmMap
{
    private const nuint LeastGrowth = 2 << 20;

    // A place that is refused as taken and then reported as free was taken and given back in between.
    private const int LostRaces = 16;

    private GrowthMark MarkGrowth() => new(_reservedEndPage, _handle.SegmentCount);

    private void UndoGrowth(in GrowthMark mark)
    {
        if (_reservedEndPage == mark.ReservedEndPage)
        {
            return;
        }

        // Should the system not take a reservation back, the map has grown by it, which harms nothing.
        _handle.TruncateTo(mark.SegmentCount);
        ulong end = Math.Max(mark.ReservedEndPage, (ulong)_handle.End >> _pageShift);
        end = _handle.SegmentCount == mark.SegmentCount ? mark.ReservedEndPage : end;
        if (end < _reservedEndPage)
        {
            // Only clips, which takes no record.
            _retained?.Remove(end, _reservedEndPage);
            _index.RemoveRange(end, _reservedEndPage);
        }

        Volatile.Write(ref _reservedEndPage, end);
    }

    /// <summary>
    /// Extends the reservation until it covers the first fit of the query, which may move up as foreign mappings are
    /// met. Anything but success leaves no trace.
    /// </summary>
    private VmResult GrowToFit(in SpaceQuery query, ref ulong page)
    {
        GrowthMark mark = MarkGrowth();
        do
        {
            VmResult result = Extend(page + query.PageCount);
            if (!result.IsSuccess)
            {
                UndoGrowth(mark);
                return result;
            }

            if (!_index.TryFindSpace(query, out page))
            {
                UndoGrowth(mark);
                return VmResult.NoSpace;
            }
        }
        while (page + query.PageCount > _reservedEndPage);
        return VmResult.Success;
    }

    /// <summary>
    /// One step: reserves up to <paramref name="neededEnd"/> or beyond, or up to and over the first foreign mapping
    /// in the way.
    /// </summary>
    private VmResult Extend(ulong neededEnd)
    {
        nuint from = ToAddress(_reservedEndPage);
        nuint needed = Math.Min(AlignUpToGranularity(ToAddress(neededEnd) - MinAddress) + MinAddress, MaxAddress);
        nuint end = GenerousEnd(from, needed);
        for (int lostRaces = 0; ;)
        {
            SystemReply reply = ReservationPlacer.Reserve(_platform, end - from, Placement.At(from), _hasPlaceholders, out _);
            if (reply.IsSuccess)
            {
                Add(from, end);
                return VmResult.Success;
            }

            if (reply.Reason == RefusalReason.AddressInUse)
            {
                VmResult result = StepOverForeign(from, end, needed, out bool isRaceLost);
                if (!isRaceLost)
                {
                    return result;
                }

                if (++lostRaces > LostRaces)
                {
                    return VmResult.Refused(reply);
                }
            }
            else if (end == needed)
            {
                return VmResult.Refused(reply);
            }
            else
            {
                nuint surplus = (end - needed) / 2;
                end = surplus < LeastGrowth ? needed : needed + (surplus & ~(_platform.AllocationGranularity - 1));
            }
        }
    }

    private nuint GenerousEnd(nuint from, nuint needed)
    {
        nuint step = Math.Max(LeastGrowth, from - MinAddress);
        nuint generous = step < MaxAddress - from ? from + AlignUpToGranularity(step) : MaxAddress;
        return Math.Max(needed, Math.Min(generous, MaxAddress));
    }

    private void Add(nuint from, nuint end)
    {
        _handle.Add(from, end - from);
        NativeVmEventSource.Grown(Name, from, end - from);
        if (IsExcludedFromCoreDumps)
        {
            // Advice only: pages that do appear in a dump do no harm.
            _ = _platform.ExcludeFromCoreDumps(from, end - from);
        }

        Volatile.Write(ref _reservedEndPage, end >> _pageShift);
    }

    /// <summary>
    /// Finds the lowest mapping of somebody else in [from, end), reserves what lies below it and, unless that is
    /// enough, makes an entry of it. The race is lost when it has gone, or another has come, since it was in the way.
    /// </summary>
    private VmResult StepOverForeign(nuint from, nuint end, nuint needed, out bool isRaceLost)
    {
        isRaceLost = false;
        SystemReply reply = FindForeign(from, end, out nuint foreignStart, out nuint foreignEnd);
        if (reply.IsRefused)
        {
            return VmResult.Refused(reply);
        }

        if (foreignEnd == 0)
        {
            isRaceLost = true;
            return VmResult.NoSpace;
        }

        if (!_index.TryReserve(1))
        {
            return VmResult.ResourceShortage;
        }

        if (foreignStart > from)
        {
            reply = ReservationPlacer.Reserve(
                _platform, foreignStart - from, Placement.At(from), _hasPlaceholders, out _);
            if (reply.IsRefused)
            {
                isRaceLost = reply.Reason == RefusalReason.AddressInUse;
                return VmResult.Refused(reply);
            }

            Add(from, foreignStart);
        }

        if (foreignStart < needed)
        {
            VmEntryAttributes foreign = new() { Kind = VmEntryKind.Foreign };
            _index.Insert(ToRecord(foreignStart >> _pageShift, foreignEnd >> _pageShift, foreign));
            Volatile.Write(ref _reservedEndPage, foreignEnd >> _pageShift);
        }

        return VmResult.Success;
    }

    /// <summary>
    /// The lowest run of foreign mappings in [from, end), widened to the allocation granularity, because no
    /// reservation can begin or end inside a granule; its end is 0 when there is none.
    /// </summary>
    private SystemReply FindForeign(nuint from, nuint end, out nuint start, out nuint foreignEnd)
    {
        nuint mask = _platform.AllocationGranularity - 1;
        start = foreignEnd = 0;
        for (nuint address = from; address < end;)
        {
            SystemReply reply = _platform.Query(address, out RegionInfo region);
            if (reply.IsRefused)
            {
                return reply;
            }

            bool isForeign = region.State != PageState.Free;
            if (!isForeign && foreignEnd != 0)
            {
                break;
            }

            nuint regionEnd = region.ByteCount < end - region.Address ? region.End : end;
            if (isForeign)
            {
                start = foreignEnd == 0 ? Math.Max(from, region.Address & ~mask) : start;
                foreignEnd = regionEnd > MaxAddress - mask ? MaxAddress : (regionEnd + mask) & ~mask;
                regionEnd = foreignEnd;
            }

            address = regionEnd;
        }

        return SystemReply.Success;
    }
}
