using NativeVm.Changes;
using NativeVm.Index;
using NativeVm.Platform;

namespace NativeVm;

/// <content>
/// Giving pages back. What a page held cannot be put back, so a refusal has to come before the first page goes. In
/// the usual case there is one call, over all from the first committed page to the last, holes included, and its
/// refusal has changed nothing. Where there must be several, each run is first made inaccessible, which can be
/// undone and is where the system would refuse for want of mappings; only then do the pages go. Should the system
/// even so refuse one of several, persistently, the operation fails with the earlier ones gone: their entries are
/// then reserved, no longer committed, which is the one failure that leaves something changed.
/// </content>
public sealed partial class VmMap
{
    private VmResult DecommitPages(ulong first, ulong end)
    {
        if (!TryGetCommittedSpan(first, end, out ulong spanStart, out ulong spanEnd, out bool isOneCall, out bool hasObject))
        {
            return VmResult.Success;
        }

        if (TryRetain(first, end, spanStart, spanEnd, out VmResult retained))
        {
            return retained;
        }

        if (_retained is not null && !_retained.TryReserve(2))
        {
            return VmResult.ResourceShortage;
        }

        nuint address = ToAddress(spanStart);
        nuint pagesEnd = ToAddress(spanEnd);
        if (isOneCall && _handle.PieceEnd(address, pagesEnd) == pagesEnd)
        {
            SystemReply reply = hasObject
                ? _platform.UnmapObject(address, pagesEnd - address, _traits)
                : _platform.Decommit(address, pagesEnd - address, _traits);
            if (reply.IsSuccess)
            {
                _retained?.Remove(spanStart, spanEnd);
            }

            return reply.IsRefused ? VmResult.Refused(reply) : VmResult.Success;
        }

        ProtectChange closing = new(PageProtection.None, HasGuardRegions);
        SystemReply prepared = Act(spanStart, spanEnd, closing);
        return prepared.IsRefused ? VmResult.Refused(prepared) : DecommitPrepared(spanStart, spanEnd, closing);
    }

    /// <summary>
    /// From the first committed page of a range to its last; one call may span it unless an entry in between is not
    /// the map's to touch, or the system unmaps objects one by one and there is more than one object, or memory beside one.
    /// </summary>
    private bool TryGetCommittedSpan(
        ulong first, ulong end, out ulong spanStart, out ulong spanEnd, out bool isOneCall, out bool hasObject)
    {
        uint lowestView = 0;
        spanStart = spanEnd = 0;
        isOneCall = true;
        hasObject = false;
        bool isInterrupted = false;
        for (ulong page = first; page < end && TryGetRecordEndingAbove(page, out EntryRecord record) && record.Start < end; page = record.End)
        {
            if (!EntryFlags.IsCommitted(record.Flags))
            {
                isInterrupted |= spanEnd != 0 && EntryFlags.Kind(record.Flags) > VmEntryKind.Guard;
                continue;
            }

            if (spanEnd == 0)
            {
                spanStart = Math.Max(record.Start, first);
                lowestView = record.Detail.ObjectId;
            }

            spanEnd = Math.Min(record.End, end);
            hasObject |= record.Detail.ObjectId != 0;
            isOneCall &= !isInterrupted && (!_hasPlaceholders || record.Detail.ObjectId == lowestView);
        }

        return spanEnd != 0;
    }

    /// <summary>Gives back, run by run, what has been made inaccessible.</summary>
    private VmResult DecommitPrepared(ulong first, ulong end, ProtectChange closing)
    {
        ulong next;
        for (ulong page = first; page < end && TryGetRecordEndingAbove(page, out EntryRecord record) && record.Start < end; page = next)
        {
            bool isObject = record.Detail.ObjectId != 0;
            next = isObject && _hasPlaceholders ? EndOfView(record) : record.End;
            if (!EntryFlags.IsCommitted(record.Flags))
            {
                continue;
            }

            nuint pagesEnd = ToAddress(Math.Min(next, end));
            for (nuint address = ToAddress(Math.Max(record.Start, first)); address < pagesEnd;)
            {
                nuint from = address;
                nuint pieceEnd = _handle.PieceEnd(address, pagesEnd);
                SystemReply reply = Insistence.On(() => isObject
                    ? _platform.UnmapObject(from, pieceEnd - from, _traits)
                    : _platform.Decommit(from, pieceEnd - from, _traits));
                if (reply.IsRefused)
                {
                    GiveUpDecommit(first, from >> _pageShift, end, closing);
                    return VmResult.Refused(reply);
                }

                address = pieceEnd;
            }
        }

        return VmResult.Success;
    }

    /// <summary>
    /// The system refuses, again and again, what it has just done for another run; none that is known does. What is
    /// gone is gone: those entries are reserved now, and the rest is accessible again.
    /// </summary>
    private void GiveUpDecommit(ulong first, ulong refused, ulong end, ProtectChange closing)
    {
        Undo(refused, end, closing);
        if (refused > first)
        {
            Apply(first, refused, default(ReservedChange));
        }
    }
}
