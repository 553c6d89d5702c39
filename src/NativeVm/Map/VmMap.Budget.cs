using NativeVm.Changes;
using NativeVm.Index;
using NativeVm.Mappings;
using NativeVm.Platform;

namespace NativeVm;

/// <content>
/// What a map does near the system's cap on mappings (<see cref="MappingBudget"/>). Everywhere else, pages are committed
/// exactly where an entry says so. When mappings are short, pages that an entry no longer has memory behind may stay
/// readable and writable, emptied and not resident (<see cref="RetainedPages"/>), if giving them back would split a
/// mapping; and a commit in the middle of reserved space takes the whole block around it, so that the next ones there
/// add nothing. Pages are emptied again before an entry gets them, and are really given back before a guard or a stack
/// relies on their faulting, and all of them once there is room again or the map has no committed page. An operation
/// that would add mappings beyond what the budget has is refused before it begins.
/// </content>
public sealed partial class VmMap
{
    private const nuint CoarseByteCount = 1 << 20;
    private const ulong ReadWriteKey = (ulong)PageProtection.ReadWrite;

    private RetainedPages? _retained;

    /// <summary>What the system compares when it joins mappings, as far as entries tell; reserved pages have 0.</summary>
    private ulong MappingKey(in EntryRecord record)
    {
        if (!EntryFlags.IsCommitted(record.Flags))
        {
            return 0;
        }

        PageProtection protection = HasGuardRegions ? EntryFlags.Protection(record.Flags) : EntryFlags.Access(record.Flags);
        return (ulong)protection
            | ((ulong)EntryFlags.Traits(record.Flags) << 4)
            | ((ulong)EntryFlags.Inheritance(record.Flags) << 8)
            | ((ulong)EntryFlags.Sharing(record.Flags) << 10)
            | (record.Detail.WiredCount != 0 ? 1UL << 11 : 0)
            | ((ulong)record.Detail.NodePlusOne << 12)
            | ((ulong)record.Detail.ObjectId << 32);
    }

    private ulong MappingKeyAt(ulong page)
    {
        if (page < _index.FirstPage || page >= _index.EndPage)
        {
            return 0;
        }

        bool isEntry = _index.TryGetAtOrBelow(page, out EntryRecord record) && record.End > page;
        ulong key = isEntry ? MappingKey(record) : 0;
        return key == 0 && _retained is not null && _retained.Contains(page) ? ReadWriteKey : key;
    }

    /// <summary>
    /// Whether the budget has the mappings that a change at the ends of a range adds; inside it none does.
    /// </summary>
    private SystemReply MayAddMappings(ulong first, ulong end, ulong lowerKey, ulong upperKey, SystemOperation operation)
    {
        if (_budget is null || !_budget.Note(2))
        {
            return SystemReply.Success;
        }

        return _budget.TryTake(AddedMappings(first, end, lowerKey, upperKey))
            ? SystemReply.Success
            : SystemReply.Refused(
                operation,
                ToAddress(first),
                ToByteCount(end - first),
                RefusalReason.MappingLimit,
                ErrorDomain.Errno,
                OutOfMemoryError);
    }

    private int AddedMappings(ulong first, ulong end, ulong lowerKey, ulong upperKey)
    {
        ulong below = MappingKeyAt(first - 1);
        ulong above = MappingKeyAt(end);
        int before = (below != MappingKeyAt(first) ? 1 : 0) + (MappingKeyAt(end - 1) != above ? 1 : 0);
        int after = (below != lowerKey ? 1 : 0) + (upperKey != above ? 1 : 0);
        return after - before;
    }

    private SystemReply MayAddMappings<TChange>(ulong first, ulong end, TChange change)
        where TChange : struct, IPageChange =>
        _budget is null ? SystemReply.Success : MayAddMappings(
            first, end, MappingKeyAfter(first, change), MappingKeyAfter(end - 1, change), change.Operation);

    private ulong MappingKeyAfter<TChange>(ulong page, TChange change)
        where TChange : struct, IPageChange
    {
        if (!_index.TryGetAtOrBelow(page, out EntryRecord record) || record.End <= page || !change.ReachesPages(record))
        {
            return MappingKeyAt(page);
        }

        change.Apply(ref record);
        return MappingKey(record);
    }

    /// <summary>
    /// Makes ready for a commit of pages that have no memory: empties those of them that have been retained, and, when
    /// mappings are short, retains the block around them.
    /// </summary>
    private SystemReply PrepareCommit(ulong first, ulong end, ulong key)
    {
        if (_budget is null)
        {
            return SystemReply.Success;
        }

        SystemReply reply = SystemReply.Success;
        ulong page = first;
        while (reply.IsSuccess && _retained is not null && _retained.TryGetEndingAbove(page, out ulong start, out ulong stop) && start < end)
        {
            start = Math.Max(start, first);
            page = stop;
            stop = Math.Min(stop, end);
            reply = _platform.Purge(ToAddress(start), ToByteCount(stop - start));
        }

        if (reply.IsSuccess && _budget.IsTight && key == ReadWriteKey)
        {
            RetainBlockAround(first, end);
        }

        return reply.IsRefused || _retained is null || _retained.TryReserve(2) ? reply : NoRecords(first, end);
    }

    private SystemReply NoRecords(ulong first, ulong end) => SystemReply.Refused(
        SystemOperation.Commit,
        ToAddress(first),
        ToByteCount(end - first),
        RefusalReason.OutOfMemory,
        ErrorDomain.Errno,
        OutOfMemoryError);

    /// <summary>An advantage and no need: whatever stands against it, the commit goes on without.</summary>
    private void RetainBlockAround(ulong first, ulong end)
    {
        if (MappingKeyAt(first - 1) == ReadWriteKey || MappingKeyAt(end) == ReadWriteKey || !TryGetBlock(first, end, out ulong low, out ulong high)
            || !TryPrepareToRetain(2) || !_budget!.TryTake(2))
        {
            return;
        }

        if (_platform.Commit(ToAddress(low), ToByteCount(high - low), PageProtection.ReadWrite).IsSuccess)
        {
            _retained!.Add(low, high);
        }
    }

    /// <summary>
    /// The aligned block around a range without memory, as far as nothing in it has memory or relies on faulting.
    /// </summary>
    private bool TryGetBlock(ulong first, ulong end, out ulong low, out ulong high)
    {
        ulong pages = Math.Max(1, CoarseByteCount >> _pageShift);
        low = Math.Max(first - (first % pages), _index.FirstPage);
        high = Math.Min(end + (pages - 1) - ((end + (pages - 1)) % pages), _reservedEndPage);
        for (ulong page = low; page < high && TryGetRecordEndingAbove(page, out EntryRecord record); page = record.End)
        {
            ulong reserveStart = record.Start - Math.Min(record.Detail.GrowthReserve, record.Start);
            bool isPlain = EntryFlags.Kind(record.Flags) == VmEntryKind.Normal && !EntryFlags.IsCommitted(record.Flags);
            if (isPlain || reserveStart >= high)
            {
                continue;
            }

            if (record.Start < end && record.End > first)
            {
                return false;
            }

            if (record.End <= first)
            {
                low = record.End;
            }
            else
            {
                low = reserveStart < first ? first : low;
                high = Math.Min(high, Math.Max(end, reserveStart));
            }
        }

        return low < first || high > end;
    }

    /// <summary>
    /// Empties the pages of a range instead of giving them back, when mappings are short and that would split one.
    /// </summary>
    /// <returns>Whether it was done, or refused.</returns>
    private bool TryRetain(ulong first, ulong end, ulong spanStart, ulong spanEnd, out VmResult result)
    {
        result = VmResult.Success;
        if (_budget is null || !_budget.Note(2))
        {
            return false;
        }

        if (MappingKeyAt(spanStart - 1) != ReadWriteKey || MappingKeyAt(spanEnd) != ReadWriteKey
            || !IsPlainReadWrite(first, end, out nuint runCount) || !TryPrepareToRetain(runCount))
        {
            // It goes on whatever it adds: the system falls back to what needs no mapping by itself.
            _ = _budget.TryTake(AddedMappings(spanStart, spanEnd, 0, 0));
            return false;
        }

        for (ulong page = first; page < end && TryGetRecordEndingAbove(page, out EntryRecord record) && record.Start < end; page = record.End)
        {
            if (!EntryFlags.IsCommitted(record.Flags))
            {
                continue;
            }

            ulong start = Math.Max(record.Start, first);
            ulong stop = Math.Min(record.End, end);
            SystemReply reply = Insistence.On(() => _platform.Purge(ToAddress(start), ToByteCount(stop - start)));
            if (reply.IsRefused)
            {
                result = VmResult.Refused(reply);
                return true;
            }
        }

        for (ulong page = first; page < end && TryGetRecordEndingAbove(page, out EntryRecord record) && record.Start < end; page = record.End)
        {
            if (EntryFlags.IsCommitted(record.Flags))
            {
                _retained!.Add(Math.Max(record.Start, first), Math.Min(record.End, end));
            }
        }

        return true;
    }

    private bool IsPlainReadWrite(ulong first, ulong end, out nuint runCount)
    {
        runCount = 0;
        for (ulong page = first; page < end && TryGetRecordEndingAbove(page, out EntryRecord record) && record.Start < end; page = record.End)
        {
            if (EntryFlags.IsCommitted(record.Flags))
            {
                runCount++;
                record.Detail.WiredCount = 0;
                if (EntryFlags.Kind(record.Flags) != VmEntryKind.Normal || MappingKey(record) != ReadWriteKey
                    || (record.Flags & EntryFlags.ExplicitHuge) != 0)
                {
                    return false;
                }
            }
        }

        return true;
    }

    private bool TryPrepareToRetain(nuint rangeCount)
    {
        _retained ??= new RetainedPages(_metadataPlatform, _index.FirstPage, _index.EndPage);
        return _retained.TryReserve(rangeCount + 2);
    }

    /// <summary>Really gives back what is retained of a range, for what relies on its pages' faulting.</summary>
    private VmResult GiveBackRetained(ulong first, ulong end)
    {
        while (_retained is not null && _retained.TryGetEndingAbove(first, out ulong start, out ulong stop) && start < end)
        {
            start = Math.Max(start, first);
            stop = Math.Min(stop, end);
            if (!_retained.TryReserve(2))
            {
                return VmResult.ResourceShortage;
            }

            nuint address = ToAddress(start);
            nuint byteCount = ToByteCount(stop - start);
            SystemReply reply = Insistence.On(() => _platform.Decommit(address, byteCount, _traits));
            if (reply.IsRefused)
            {
                return VmResult.Refused(reply);
            }

            _retained.Remove(start, stop);
        }

        return VmResult.Success;
    }

    /// <summary>Gives back what is retained, as soon as there is room or it costs no mapping.</summary>
    private void Relax()
    {
        while (_retained is { PageCount: > 0 } && (_committedPageCount == 0 || !_budget!.Note(2)))
        {
            _ = _retained.TryGetEndingAbove(_index.FirstPage, out ulong start, out ulong stop);
            if (!GiveBackRetained(start, stop).IsSuccess)
            {
                return;
            }
        }
    }
}
