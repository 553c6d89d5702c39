using NativeVm.Index;
using NativeVm.Platform;

namespace NativeVm;

/// <content>Finds under constraints, and with guards.</content>
public sealed partial class VmMap
{
    /// <summary>
    /// As <see cref="Find(nuint, nuint, nuint, in VmEntryAttributes, out nuint, FindSpaceFlags)"/>, at a place that
    /// satisfies constraints, each of them exactly, and with guards around the entry if the request has room for them.
    /// </summary>
    /// <param name="request">The length, the constraints, and how long the guards are.</param>
    /// <param name="attributes">What the entry is.</param>
    /// <param name="address">Where the entry is, above its lower guard; 0 unless it succeeds.</param>
    /// <returns>
    /// Success; <see cref="VmResult.NoSpace"/>; <see cref="VmResult.ResourceShortage"/> when the system refuses.
    /// </returns>
    /// <remarks>
    /// <para>Takes the lock exclusively. Committed memory is zeroed.</para>
    /// <para>
    /// The guards are entries of kind <see cref="VmEntryKind.Guard"/> with the entry's tag, and go with it: with
    /// <see cref="Remove"/> of the entry, or of the end of it that they stand at. Where guard regions are there
    /// (<see cref="PlatformCapabilities.GuardRegions"/>), those of committed entries are part of the entry's mapping;
    /// elsewhere they are reserved pages, which fault as well.
    /// </para>
    /// <para>
    /// With <see cref="VmHugePages.Transparent"/> the alignment is that of a huge page at least, if the length is.
    /// </para>
    /// </remarks>
    /// <exception cref="ArgumentException">
    /// As <see cref="TryFindSpace(in SpaceRequest, out nuint)"/>, or the attributes contradict each other, or a stack that
    /// grows has a guard in its way.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The map has been disposed of.</exception>
    public VmResult Find(in SpaceRequest request, in VmEntryAttributes attributes, out nuint address)
    {
        using VmMapLockScope scope = EnterWriteLock();
        RequireAttributes(attributes);
        RequireHugePages(0, request.ByteCount, attributes);
        if (attributes.GrowthReserve != 0 && request.GuardBefore != 0)
        {
            throw new ArgumentException("A stack grows into what is directly below it; FindStack puts the guard below that.", nameof(request));
        }

        GrowthMark mark = MarkGrowth();
        VmResult result = FindSpaceLocked(WithHugeAlignment(request, attributes), out address);
        if (!result.IsSuccess)
        {
            return result;
        }

        ulong first = address >> _pageShift;
        _ = TryCountPages(request.ByteCount, out ulong pageCount);
        _ = TryCountPages(request.GuardBefore, out ulong below);
        _ = TryCountPages(request.GuardAfter, out ulong above);
        EntryRecord record = ToRecord(first, first + pageCount, attributes);
        result = below + above == 0 ? InsertPages(record) : InsertGuarded(record, below, above);
        if (!result.IsSuccess)
        {
            UndoGrowth(mark);
            address = 0;
        }

        return result;
    }

    private SpaceRequest WithHugeAlignment(in SpaceRequest request, in VmEntryAttributes attributes)
    {
        // A phase that the caller asked for is the caller's; then huge pages begin inside the entry.
        nuint huge = _platform.HugePageSize;
        return WithPossibleHugePages(request.ByteCount, attributes).HugePages == VmHugePages.None || request.Phase != 0 || request.Alignment % Math.Max(huge, 1) == 0
            || !nuint.IsPow2(request.Alignment)
            ? request
            : request with { Alignment = Math.Max(huge, request.Alignment) };
    }

    /// <summary>
    /// Makes an entry and the guards beside it, in space that is free and reserved. Where the guards are regions of the
    /// entry's mapping, all is committed in one call and they are installed; otherwise they stay without memory.
    /// </summary>
    private VmResult InsertGuarded(in EntryRecord record, ulong below, ulong above)
    {
        if (!_index.TryReserve(3))
        {
            return VmResult.ResourceShortage;
        }

        EntryRecord whole = record;
        whole.Start -= below;
        whole.End += above;
        bool isCommitted = EntryFlags.IsCommitted(record.Flags);
        bool isRegion = isCommitted && HasGuardRegions && (record.Flags & EntryFlags.ExplicitHuge) == 0;
        VmResult result = isRegion ? VmResult.Success : GiveBackRetained(whole.Start, record.Start);
        result = result.IsSuccess && !isRegion ? GiveBackRetained(record.End, whole.End) : result;
        if (result.IsSuccess && isCommitted)
        {
            result = CommitPages(isRegion ? whole : record, isAlone: isRegion);
        }

        if (result.IsSuccess && isRegion)
        {
            SystemReply reply = InstallGuards(whole.Start, record.Start);
            reply = reply.IsSuccess ? InstallGuards(record.End, whole.End) : reply;
            if (reply.IsRefused)
            {
                TakeBack(ToAddress(whole.Start), ToAddress(whole.End));
                result = VmResult.Refused(reply);
            }
        }

        if (result.IsSuccess)
        {
            AddGuard(record, whole.Start, record.Start, isRegion, EntryFlags.GuardOfAbove);
            AddFound(record);
            AddGuard(record, record.End, whole.End, isRegion, EntryFlags.GuardOfBelow);
        }

        return result;
    }

    private SystemReply InstallGuards(ulong first, ulong end) =>
        first == end ? SystemReply.Success : _platform.InstallGuard(ToAddress(first), ToByteCount(end - first));

    private void AddGuard(in EntryRecord record, ulong first, ulong end, bool isRegion, uint mark)
    {
        if (first == end)
        {
            return;
        }

        EntryRecord guard = record;
        guard.Start = first;
        guard.End = end;
        guard.Detail.GrowthReserve = 0;
        guard.Flags = EntryFlags.WithKind(guard.Flags, VmEntryKind.Guard) | mark;
        guard.Flags = isRegion ? guard.Flags : EntryFlags.WithTraits(
            EntryFlags.WithProtection(guard.Flags, PageProtection.None) & ~(EntryFlags.Committed | EntryFlags.ExplicitHuge), RangeTraits.None);
        _hasOwnedGuards = true;
        AddFound(guard);
    }

    private void AddFound(in EntryRecord record)
    {
        bool hasBelow = _index.TryGetAtOrBelow(record.Start, out EntryRecord below);
        AddRecord(record, hasBelow, below);
    }
}
