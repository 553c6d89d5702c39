using System.Diagnostics;
using NativeVm.Changes;
using NativeVm.Index;
using NativeVm.Platform;

namespace NativeVm;

/// <content>
/// <para>
/// Objects where the system maps them as wholes only (Windows placeholders). There a mapping, a view, is unmapped by one
/// call over all of it and by no other, and it goes into addresses that hold nothing. The map keeps no list of views:
/// what one call mapped has a number of its own, so entries side by side with the same number are one view, however
/// often changes of protection have clipped them. Three rules follow.
/// </para>
/// <para>
/// A view is never cut. To cut one it would have to be unmapped and its rest mapped again: pages that nobody asked to
/// touch would fault for a moment, and the copies in a copy-on-write view would be lost. An operation that would cut one
/// is refused with <see cref="VmResult.InvalidArgument"/>, as one inside an explicit huge page is.
/// </para>
/// <para>
/// No call to the system spans two views, or a view and memory. Runs of entries end where the number changes.
/// </para>
/// <para>
/// What is replaced goes before what replaces it comes. What held something cannot be put back, so a refusal has to come
/// first: the same part of the object is mapped elsewhere, and released, before anything goes. Should the system even so
/// refuse the mapping afterwards, persistently, what was to be replaced is gone and the range is free.
/// </para>
/// </content>
public sealed partial class VmMap
{
    // Whether the reservations are placeholders: where plain ones take no objects, and the map is to take some.
    private readonly bool _hasPlaceholders;

    /// <summary>
    /// Whether objects can be mapped in this map. Where they cannot, <see cref="MapObjectFixed"/> is refused with
    /// <see cref="RefusalReason.NotSupported"/>.
    /// </summary>
    /// <remarks>
    /// On POSIX they can in every map. On Windows they can where the system has placeholders and the map was made for it
    /// (<see cref="VmMapOptions.TakesObjects"/>).
    /// </remarks>
    public bool SupportsObjects => _hasPlaceholders
        || _platform.Supports(PlatformCapabilities.Placeholders | PlatformCapabilities.RangesSpanReservations);

    /// <summary>
    /// Whether an object takes the place of committed pages, or of another object, in one step that no access of another
    /// thread falls between. On Windows it does not: what was there goes, and then the object comes. Over free or reserved
    /// addresses it is one step everywhere.
    /// </summary>
    public bool ReplacesAtomically => SupportsObjects && !_hasPlaceholders;

    /// <summary>
    /// Whether part of an object's mapping can be removed or replaced. On Windows it cannot, and the operation is refused
    /// with <see cref="VmResult.InvalidArgument"/>; part of one can be protected, wired, advised and synchronized
    /// everywhere.
    /// </summary>
    public bool ClipsObjects => SupportsObjects && !_hasPlaceholders;

    /// <summary>Whether an end of a range lies inside a view, which goes only whole.</summary>
    private bool CutsView(ulong first, ulong end) => _hasPlaceholders && (CutsView(first) || CutsView(end));

    private bool CutsView(ulong page) =>
        page > _index.FirstPage
        && _index.TryGetAtOrBelow(page - 1, out EntryRecord lower)
        && lower.End >= page
        && IsView(lower)
        && EndOfView(lower) > page;

    /// <summary>The end of the view that an entry is part of, or is.</summary>
    private ulong EndOfView(in EntryRecord record)
    {
        ulong end = record.End;
        while (_index.TryGetAtOrAbove(end, out EntryRecord next) && next.Start == end
            && next.Detail.ObjectId == record.Detail.ObjectId && IsView(next))
        {
            end = next.End;
        }

        return end;
    }

    private static bool IsView(in EntryRecord record) =>
        record.Detail.ObjectId != 0 && EntryFlags.IsCommitted(record.Flags);

    /// <summary>Maps an object over what is there, where nothing may be there.</summary>
    /// <param name="record">The entry to come; the records for it and for two clips are there.</param>
    /// <param name="source">The object.</param>
    /// <param name="offset">Where in the object the range begins.</param>
    /// <param name="isCleared">Whether what was there has gone, whatever the result.</param>
    private SystemReply MapInEmptied(in EntryRecord record, MemoryObjectHandle source, ulong offset, out bool isCleared)
    {
        nuint start = ToAddress(record.Start);
        nuint byteCount = ToByteCount(record.PageCount);
        PageProtection protection = EntryFlags.Protection(record.Flags);
        MappingSharing sharing = EntryFlags.Sharing(record.Flags);
        isCleared = false;
        return HoldsPages(record.Start, record.End)
            ? MapOverPages(start, byteCount, source, offset, protection, sharing, out isCleared)
            : _platform.MapObject(start, byteCount, source, offset, protection, sharing, _traits);
    }

    private SystemReply MapOverPages(
        nuint start,
        nuint byteCount,
        MemoryObjectHandle source,
        ulong offset,
        PageProtection protection,
        MappingSharing sharing,
        out bool isCleared)
    {
        // Misuse throws before anything has gone: the address here, the rest at the rehearsal; and a source that is
        // disposed of meanwhile stays open.
        if ((start & (_platform.AllocationGranularity - 1)) != 0)
        {
            throw new ArgumentException(
                $"Mappings of objects start at multiples of the allocation granularity, {_platform.AllocationGranularity}.",
                nameof(start));
        }

        isCleared = false;
        bool isHeld = false;
        try
        {
            source.DangerousAddRef(ref isHeld);
            SystemReply reply = Rehearse(start, byteCount, source, offset, protection, sharing);
            if (reply.IsSuccess)
            {
                reply = Empty(start >> _pageShift, (start + byteCount) >> _pageShift);
                isCleared = reply.IsSuccess;
            }

            return reply.IsRefused ? reply : Insistence.On(
                () => _platform.MapObject(start, byteCount, source, offset, protection, sharing, _traits));
        }
        finally
        {
            if (isHeld)
            {
                source.DangerousRelease();
            }
        }
    }

    private bool HoldsPages(ulong first, ulong end)
    {
        for (ulong page = first; page < end && TryGetRecordEndingAbove(page, out EntryRecord record) && record.Start < end; page = record.End)
        {
            if (EntryFlags.IsCommitted(record.Flags))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Maps the part of the object elsewhere and releases it, to hear what the system has against it.</summary>
    private SystemReply Rehearse(
        nuint start,
        nuint byteCount,
        MemoryObjectHandle source,
        ulong offset,
        PageProtection protection,
        MappingSharing sharing)
    {
        SystemReply reply = _platform.MapObjectAnywhere(
            byteCount, source, offset, protection, sharing, default, out nuint elsewhere);
        if (reply.IsSuccess)
        {
            SystemReply released = Insistence.On(() => _platform.ReleaseObject(elsewhere, byteCount));
            Debug.Assert(released.IsSuccess, "What was just mapped can be released.");
        }

        return reply.IsSuccess ? reply : SystemReply.Refused(
            SystemOperation.MapObject, start, byteCount, reply.Reason, reply.Domain, reply.ErrorNumber);
    }

    /// <summary>
    /// Takes memory and views from behind a range. Nothing is ever retained here: there is no budget of mappings where
    /// calls stay within one reservation.
    /// </summary>
    private SystemReply Empty(ulong first, ulong end)
    {
        Debug.Assert(_budget is null, "Nothing limits mappings where objects are mapped whole.");
        VmResult result = DecommitPages(first, end);
        return result.IsSuccess ? SystemReply.Success
            : result.Refusal.IsRefused ? result.Refusal
            : NoRecords(first, end);
    }
}
