namespace NativeVm.Platform;

public abstract partial class VmPlatform
{
    /// <summary>The node of <see cref="SetPreferredNode"/> that takes a preference back.</summary>
    public const int AnyNode = -1;

    /// <summary>How many memory nodes the machine has; 1 where there is one kind of memory only, or none is known.</summary>
    public abstract int NumaNodeCount { get; }

    /// <summary>
    /// Takes a range of addresses whose parts can be replaced by objects and by huge pages. Where
    /// <see cref="PlatformCapabilities.RangesSpanReservations"/> is there, every reservation is like that, and this is
    /// <see cref="Reserve"/>.
    /// </summary>
    /// <param name="byteCount">Length in bytes, a multiple of the page size, not 0.</param>
    /// <param name="placement">Where the range may lie.</param>
    /// <param name="address">Where it lies; 0 when refused.</param>
    /// <returns>
    /// Success, or a refusal, with the reasons of <see cref="Reserve"/>; <see cref="RefusalReason.NotSupported"/> where
    /// <see cref="PlatformCapabilities.Placeholders"/> is missing.
    /// </returns>
    /// <remarks>
    /// On Windows this is a placeholder (<c>MEM_RESERVE_PLACEHOLDER</c>, Windows 10 1803 and newer). Commit, decommit
    /// and release work in it as in a plain reservation, but each commit of what was a placeholder makes an
    /// allocation of its own, which costs more calls and more of the kernel's memory: take it only where objects will
    /// be mapped. A call on anonymous memory may span such allocations; but for <see cref="Release"/> none spans the end
    /// of a mapping of an object.
    /// </remarks>
    /// <exception cref="ArgumentException">As <see cref="Reserve"/>.</exception>
    public SystemReply ReservePlaceholder(nuint byteCount, in Placement placement, out nuint address)
    {
        RequirePlacement(byteCount, placement);
        return ReservePlaceholderCore(byteCount, placement, out address);
    }

    /// <summary>
    /// Puts explicit huge pages behind part of a reservation: <c>mmap(MAP_HUGETLB)</c> moved into place by
    /// <c>mremap(2)</c>; <c>VirtualAlloc2(MEM_LARGE_PAGES)</c>.
    /// </summary>
    /// <param name="address">Start of the range, a multiple of <see cref="HugePageSize"/>, as for <see cref="MapObject"/>.</param>
    /// <param name="byteCount">Length in bytes, a multiple of the huge page size, not 0.</param>
    /// <param name="protection">What may be done to the pages; not <see cref="PageProtection.None"/>.</param>
    /// <param name="traits">The advice that the reservation around the range carries.</param>
    /// <returns>
    /// Success, or a refusal: <see cref="RefusalReason.NoHugePages"/> where the system has too few set aside (Linux:
    /// <c>vm.nr_hugepages</c>), <see cref="RefusalReason.AccessDenied"/> where the process lacks the right (Windows: to
    /// lock pages in memory), <see cref="RefusalReason.NotSupported"/>. The range is then what it was.
    /// </returns>
    /// <remarks>
    /// The pages are zeroed, taken from the system's stock at once, and never swapped; what was committed there
    /// is gone. Every later call on the range has to keep to multiples of the huge page size.
    /// </remarks>
    /// <exception cref="ArgumentException">
    /// The range is empty, unaligned or wraps, the system has no huge pages, or the protection is none, or both writable
    /// and executable.
    /// </exception>
    public SystemReply CommitHugePages(
        nuint address, nuint byteCount, PageProtection protection, RangeTraits traits = RangeTraits.None)
    {
        RequireRange(address, byteCount);
        RequireProtection(protection);
        if (protection == PageProtection.None)
        {
            throw new ArgumentException("Committed pages have a protection; commit first, then protect.", nameof(protection));
        }

        if (HugePageSize != 0 && ((address | byteCount) & (HugePageSize - 1)) != 0)
        {
            throw new ArgumentException(
                $"Address 0x{address:x} and length {byteCount} have to be multiples of the huge page size, {HugePageSize}.");
        }

        return CommitHugePagesCore(address, byteCount, protection, traits);
    }

    /// <summary>
    /// Says on which memory node the pages of a range should lie that are touched from now on:
    /// <c>mbind(MPOL_PREFERRED)</c>. When that node is full, another one serves.
    /// </summary>
    /// <param name="address">Start of the range, reserved or committed.</param>
    /// <param name="byteCount">Length in bytes, a multiple of the page size, not 0.</param>
    /// <param name="node">Less than <see cref="NumaNodeCount"/>, or <see cref="AnyNode"/> for no preference.</param>
    /// <returns>
    /// Success, or a refusal: <see cref="RefusalReason.NotSupported"/> where
    /// <see cref="PlatformCapabilities.PreferredNode"/> is missing and there is more than one node.
    /// </returns>
    /// <remarks>
    /// On a machine with one node it succeeds and does nothing. A decommit takes the preference off; a range with one
    /// is a mapping of its own. Pages that are resident stay where they are. Windows decides by the thread that touches
    /// first, and a reservation can only be given a node when it is made.
    /// </remarks>
    /// <exception cref="ArgumentException">The range is empty, unaligned or wraps, or there is no such node.</exception>
    public SystemReply SetPreferredNode(nuint address, nuint byteCount, int node)
    {
        RequireRange(address, byteCount);
        ArgumentOutOfRangeException.ThrowIfLessThan(node, AnyNode);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(node, NumaNodeCount);
        return NumaNodeCount <= 1 ? SystemReply.Success : SetPreferredNodeCore(address, byteCount, node);
    }

    /// <summary>Implements <see cref="ReservePlaceholder"/>; the arguments have been checked.</summary>
    /// <param name="byteCount">Length in bytes.</param>
    /// <param name="placement">Where the range may lie.</param>
    /// <param name="address">Where it lies; 0 when refused.</param>
    protected abstract SystemReply ReservePlaceholderCore(nuint byteCount, in Placement placement, out nuint address);

    /// <summary>Implements <see cref="CommitHugePages"/>; the arguments have been checked.</summary>
    /// <param name="address">Start of the range.</param>
    /// <param name="byteCount">Length in bytes.</param>
    /// <param name="protection">What may be done to the pages.</param>
    /// <param name="traits">Advice to put back.</param>
    protected abstract SystemReply CommitHugePagesCore(
        nuint address, nuint byteCount, PageProtection protection, RangeTraits traits);

    /// <summary>Implements <see cref="SetPreferredNode"/> on a machine with several nodes; the arguments have been checked.</summary>
    /// <param name="address">Start of the range.</param>
    /// <param name="byteCount">Length in bytes.</param>
    /// <param name="node">The node, or <see cref="AnyNode"/>.</param>
    protected abstract SystemReply SetPreferredNodeCore(nuint address, nuint byteCount, int node);

    private void RequirePlacement(nuint byteCount, in Placement placement)
    {
        if (!placement.IsExact)
        {
            RequireRange(0, byteCount);
            return;
        }

        RequireRange(placement.LowestAddress, byteCount);
        if ((placement.LowestAddress & (AllocationGranularity - 1)) != 0)
        {
            throw new ArgumentException(
                $"Reservations start at multiples of the allocation granularity, {AllocationGranularity}.",
                nameof(placement));
        }
    }
}
