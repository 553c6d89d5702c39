using NativeVm.Index;
using NativeVm.Platform;

namespace NativeVm;

/// <content>Huge pages and memory nodes: what entries want of their pages besides memory.</content>
public sealed partial class VmMap
{
    // Of errno and of Win32: what there is no such thing as here.
    private const int NotSupportedError = 95;
    private const int NotSupportedWin32Error = 50;
    private const int OutOfMemoryError = 12;


    private ulong HugePagePages => _platform.HugePageSize >> _pageShift;

    /// <summary>
    /// Says on which memory node pages of a range should lie that are touched from now on (<c>mbind</c>). The
    /// preference belongs to the entries, through decommit and commit; when the node is full, another one serves.
    /// </summary>
    /// <param name="start">First address, a multiple of the page size; what lies outside the map is left out.</param>
    /// <param name="byteCount">Bytes, rounded up to whole pages; 0 changes nothing.</param>
    /// <param name="node">Less than <see cref="VmPlatform.NumaNodeCount"/>, or <see cref="VmPlatform.AnyNode"/>.</param>
    /// <returns>
    /// Success; <see cref="VmResult.InvalidArgument"/> when an entry is a submap; <see cref="VmResult.ResourceShortage"/>
    /// when the system refuses, also because it cannot (<see cref="PlatformCapabilities.PreferredNode"/>).
    /// </returns>
    /// <remarks>
    /// Takes the lock exclusively. Holes are skipped. On a machine with one node it succeeds and does nothing: there is
    /// nothing to prefer, and entries that differ in it would only be kept apart.
    /// </remarks>
    /// <exception cref="ArgumentException">The start is unaligned, or there is no such node.</exception>
    /// <exception cref="ObjectDisposedException">The map has been disposed of.</exception>
    public VmResult SetPreferredNode(nuint start, nuint byteCount, int node)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(node, VmPlatform.AnyNode);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(node, _platform.NumaNodeCount);
        using VmMapLockScope scope = EnterWriteLock();
        ClampToMap(start, byteCount, out ulong first, out ulong end);
        return _platform.NumaNodeCount <= 1 ? VmResult.Success : Change(first, end, new Changes.NodeChange(node));
    }

    /// <summary>Whether an end of a range lies inside an explicit huge page of an entry, which cannot be cut.</summary>
    private bool SplitsExplicitHuge(in EntryRecord record, ulong first, ulong end) =>
        (record.Flags & EntryFlags.ExplicitHuge) != 0 && (CutsInside(record, first) || CutsInside(record, end));

    private bool CutsInside(in EntryRecord record, ulong page) =>
        record.Start < page && page < record.End && page % HugePagePages != 0;

    /// <summary>
    /// Whether an end of a range lies inside a page that may be a huge one: one that lies whole in an entry that is
    /// advised to have such.
    /// </summary>
    private bool SplitsHugePage(ulong first, ulong end) =>
        first < end && (SplitsHugePageAt(first) || SplitsHugePageAt(end));

    private bool SplitsHugePageAt(ulong page)
    {
        ulong pages = HugePagePages;
        if (pages == 0 || page % pages == 0 || !_index.TryGetAtOrBelow(page, out EntryRecord record) || record.End <= page)
        {
            return false;
        }

        const RangeTraits Huge = RangeTraits.HugePages;
        ulong start = page - (page % pages);
        return (EntryFlags.Traits(record.Flags) & Huge) != 0 && start >= record.Start && start + pages <= record.End;
    }

    /// <summary>What the attributes of an entry with huge pages have to be, besides what all have to.</summary>
    private void RequireHugePages(nuint start, nuint byteCount, in VmEntryAttributes attributes)
    {
        if (attributes.HugePages > VmHugePages.Explicit)
        {
            throw new ArgumentException("Not a kind of huge pages.", nameof(attributes));
        }

        if (attributes.HugePages == VmHugePages.Explicit
            && (!attributes.IsCommitted || attributes.Kind != VmEntryKind.Normal || attributes.Protection == PageProtection.None
                || ((start | byteCount) & (Math.Max(_platform.HugePageSize, PageSize) - 1)) != 0))
        {
            throw new ArgumentException(
                $"Explicit huge pages are normal memory, committed and accessible at once, in multiples of the huge page size, {_platform.HugePageSize}.",
                nameof(attributes));
        }
    }

    /// <summary>
    /// The attributes that an entry of a length really gets: transparent huge pages where the system has them and one fits.
    /// </summary>
    private VmEntryAttributes WithPossibleHugePages(nuint byteCount, in VmEntryAttributes attributes) =>
        attributes.HugePages == VmHugePages.Transparent && (!_platform.Supports(PageAdvice.HugePages) || byteCount < _platform.HugePageSize)
            ? attributes with { HugePages = VmHugePages.None }
            : attributes;

    private SystemReply CommitExplicitHuge(nuint address, nuint byteCount, PageProtection protection)
    {
        if (_platform.HugePageSize != 0 && _platform.Supports(PlatformCapabilities.RangesSpanReservations))
        {
            return _platform.CommitHugePages(address, byteCount, protection, _traits);
        }

        // A plain reservation cannot be replaced in part, and in placeholders large pages are given back only whole.
        bool isWindows = !_platform.Supports(PlatformCapabilities.RangesSpanReservations);
        return SystemReply.Refused(
            SystemOperation.CommitHugePages,
            address,
            byteCount,
            RefusalReason.NotSupported,
            isWindows ? ErrorDomain.Win32 : ErrorDomain.Errno,
            isWindows ? NotSupportedWin32Error : NotSupportedError);
    }

    private static void RequireGiveBackFlags(GiveBackFlags flags)
    {
        if ((flags & ~GiveBackFlags.SplitHugePages) != 0)
        {
            throw new ArgumentOutOfRangeException(nameof(flags), flags, "Not a flag of giving back.");
        }
    }
}
