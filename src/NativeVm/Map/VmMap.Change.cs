using System.Diagnostics;
using NativeVm.Changes;
using NativeVm.Index;
using NativeVm.Platform;

namespace NativeVm;

/// <content>
/// One pass for every operation that changes attributes of a range and the pages behind it. First every entry is
/// asked; then the system, once for each run of affected entries that lie side by side; then the index is changed,
/// where entries at the ends of the range are clipped and neighbours that have become equal are joined.
/// </content>
public sealed partial class VmMap
{
    private VmResult Change<TChange>(ulong first, ulong end, TChange change)
        where TChange : struct, IPageChange
    {
        VmResult result = Check(first, end, change, out nuint entryCount);
        if (!result.IsSuccess || first == end)
        {
            return result;
        }

        // The two clips, and what the entries may need.
        if (!_index.TryReserve(2 + (change.AddsDetails ? entryCount : 0)))
        {
            return VmResult.ResourceShortage;
        }

        SystemReply reply = MayAddMappings(first, end, change);
        reply = reply.IsSuccess ? Act(first, end, change) : reply;
        if (reply.IsRefused)
        {
            return VmResult.Refused(reply);
        }

        Apply(first, end, change);
        Simplify(first, end);
        return VmResult.Success;
    }

    private VmResult Check<TChange>(ulong first, ulong end, TChange change, out nuint entryCount)
        where TChange : struct, IRangeChange
    {
        entryCount = 0;
        ulong page = first;
        while (page < end && TryGetRecordEndingAbove(page, out EntryRecord record) && record.Start < end)
        {
            VmResult result = record.Start > page && change.NeedsWholeRange ? VmResult.InvalidAddress
                : SplitsExplicitHuge(record, first, end) ? VmResult.InvalidArgument
                : change.Check(record);
            if (!result.IsSuccess)
            {
                return result;
            }

            page = record.End;
            entryCount++;
        }

        return page < end && change.NeedsWholeRange ? VmResult.InvalidAddress : VmResult.Success;
    }

    private SystemReply Act<TChange>(ulong first, ulong end, TChange change)
        where TChange : struct, IPageChange
    {
        ulong runStart = first;
        ulong runEnd = first;
        uint runKey = 0;
        uint runView = 0;
        for (ulong page = first; page < end && TryGetRecordEndingAbove(page, out EntryRecord record) && record.Start < end; page = record.End)
        {
            if (!change.ReachesPages(record))
            {
                continue;
            }

            ulong pieceStart = Math.Max(record.Start, first);
            uint key = change.RunKey(record);
            uint view = _hasPlaceholders ? record.Detail.ObjectId : 0;
            if (pieceStart != runEnd || key != runKey || view != runView)
            {
                SystemReply reply = ActOnRun(first, runStart, runEnd, runKey, change);
                if (reply.IsRefused)
                {
                    return reply;
                }

                runStart = pieceStart;
                runKey = key;
                runView = view;
            }

            runEnd = Math.Min(record.End, end);
        }

        return ActOnRun(first, runStart, runEnd, runKey, change);
    }

    private SystemReply ActOnRun<TChange>(ulong first, ulong runStart, ulong runEnd, uint runKey, TChange change)
        where TChange : struct, IPageChange
    {
        nuint end = ToAddress(runEnd);
        for (nuint address = ToAddress(runStart); address < end;)
        {
            nuint pieceEnd = _handle.PieceEnd(address, end);
            SystemReply reply = change.Act(_platform, address, pieceEnd - address, runKey);
            if (reply.IsRefused)
            {
                // The refused piece too: at the cap on mappings, mprotect(2) over several of them changes the first
                // ones and then fails. Undoing what was not done does nothing.
                Undo(first, pieceEnd >> _pageShift, change);
                return reply;
            }

            address = pieceEnd;
        }

        return SystemReply.Success;
    }

    private void Undo<TChange>(ulong first, ulong end, TChange change)
        where TChange : struct, IPageChange
    {
        for (ulong page = first; page < end && TryGetRecordEndingAbove(page, out EntryRecord record) && record.Start < end; page = record.End)
        {
            if (!change.ReachesPages(record))
            {
                continue;
            }

            nuint pagesEnd = ToAddress(Math.Min(record.End, end));
            for (nuint address = ToAddress(Math.Max(record.Start, first)); address < pagesEnd;)
            {
                nuint from = address;
                nuint pieceEnd = _handle.PieceEnd(address, pagesEnd);
                EntryRecord before = record;
                SystemReply reply = Insistence.On(() => change.Undo(_platform, from, pieceEnd - from, before));
                Debug.Assert(reply.IsSuccess, "What was just split can be joined again.");
                address = pieceEnd;
            }
        }
    }

    private void Apply<TChange>(ulong first, ulong end, TChange change)
        where TChange : struct, IRangeChange
    {
        ClipAt(first);
        ClipAt(end);
        for (ulong page = first; _index.TryGetAtOrAbove(page, out EntryRecord record) && record.Start < end; page = record.End)
        {
            if (!change.Affects(record))
            {
                continue;
            }

            uint before = record.Flags;
            change.Apply(ref record);
            CountCommitted(before, record.Flags, record.PageCount);
            _index.Replace(record.Start, record);
        }
    }

    private void CountCommitted(uint before, uint after, ulong pageCount)
    {
        _committedPageCount -= EntryFlags.IsCommitted(before) ? pageCount : 0;
        _committedPageCount += EntryFlags.IsCommitted(after) ? pageCount : 0;
    }

    /// <summary>Cuts the entry that a page lies strictly inside, if there is one and it is the map's.</summary>
    private void ClipAt(ulong page)
    {
        if (_index.TryGetAtOrBelow(page, out EntryRecord lower) && lower.Start < page && lower.End > page
            && EntryFlags.Kind(lower.Flags) != VmEntryKind.Foreign)
        {
            EntryRecord tail = ClipTail(ref lower, page);
            _index.Replace(lower.Start, lower);
            _index.Insert(tail);
        }
    }

    /// <summary>
    /// Cuts an entry in two at a page inside it (<c>vm_map_clip</c>): both parts keep the attributes and continue
    /// the object, and the growth reserve stays with the lower one.
    /// </summary>
    private static EntryRecord ClipTail(ref EntryRecord entry, ulong at)
    {
        EntryRecord tail = entry;
        tail.Start = at;
        tail.Detail.GrowthReserve = 0;
        tail.Detail.ObjectPage += tail.Detail.ObjectId != 0 ? at - entry.Start : 0;
        entry.End = at;
        return tail;
    }

    /// <summary>
    /// Joins neighbours with equal attributes from the entry that ends at <paramref name="first"/> to the one that
    /// starts at <paramref name="end"/> (<c>vm_map_simplify_entry</c>).
    /// </summary>
    private void Simplify(ulong first, ulong end)
    {
        ulong from = first > _index.FirstPage ? first - 1 : first;
        if (!TryGetRecordEndingAbove(from, out EntryRecord entry))
        {
            return;
        }

        while (_index.TryGetAtOrAbove(entry.End, out EntryRecord next) && next.Start <= end)
        {
            if (next.Continues(entry))
            {
                _index.Remove(next.Start);
                entry.End = next.End;
                _index.Replace(entry.Start, entry);
            }
            else
            {
                entry = next;
            }
        }
    }
}
