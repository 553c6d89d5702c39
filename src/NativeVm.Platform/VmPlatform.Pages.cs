namespace NativeVm.Platform;

public abstract partial class VmPlatform
{
    /// <summary>Puts zeroed memory behind reserved pages: <c>mprotect</c>, <c>MEM_COMMIT</c>.</summary>
    /// <param name="address">Start of the range, inside a reservation.</param>
    /// <param name="byteCount">Length in bytes, a multiple of the page size, not 0.</param>
    /// <param name="protection">What may be done to the pages; not <see cref="PageProtection.None"/>.</param>
    /// <returns>Success, or a refusal; no page of the range has then been committed that was not before.</returns>
    /// <remarks>
    /// Pages that are committed already keep their contents and take the new protection. Not for pages of objects, no
    /// more than <see cref="Decommit"/> and <see cref="Purge"/>: <see cref="UnmapObject"/> comes first.
    /// </remarks>
    /// <exception cref="ArgumentException">
    /// The range is empty, unaligned or wraps, or the protection is none, or both writable and executable.
    /// </exception>
    public SystemReply Commit(nuint address, nuint byteCount, PageProtection protection)
    {
        RequireRange(address, byteCount);
        RequireProtection(protection);
        if (protection == PageProtection.None)
        {
            throw new ArgumentException("Committed pages have a protection; commit first, then protect.", nameof(protection));
        }

        return CommitCore(address, byteCount, protection);
    }

    /// <summary>
    /// Takes the memory from behind a range: the pages leave the resident set before this returns, and read as
    /// zeros when they are committed again. The addresses stay reserved.
    /// </summary>
    /// <param name="address">Start of the range, inside a reservation; pages that are not committed are passed over.</param>
    /// <param name="byteCount">Length in bytes, a multiple of the page size, not 0.</param>
    /// <param name="traits">The advice that the reservation around the range carries, so that it stays one mapping.</param>
    /// <returns>Success, or a refusal; the pages and their contents are then what they were.</returns>
    /// <exception cref="ArgumentException">The range is empty, unaligned or wraps.</exception>
    public SystemReply Decommit(nuint address, nuint byteCount, RangeTraits traits = RangeTraits.None)
    {
        RequireRange(address, byteCount);
        return DecommitCore(address, byteCount, traits);
    }

    /// <summary>
    /// Gives the pages of a committed range back and leaves it committed: the resident set falls before this
    /// returns, no mapping is split, and the contents are lost.
    /// </summary>
    /// <param name="address">Start of the range, all committed.</param>
    /// <param name="byteCount">Length in bytes, a multiple of the page size, not 0.</param>
    /// <returns>Success, or a refusal; the contents may then be lost, the range is still committed.</returns>
    /// <remarks>
    /// With <see cref="PlatformCapabilities.PurgeReadsZero"/> the pages read as zeros afterwards; without it they
    /// read as zeros or as what they were until they are written.
    /// </remarks>
    /// <exception cref="ArgumentException">The range is empty, unaligned or wraps.</exception>
    public SystemReply Purge(nuint address, nuint byteCount)
    {
        RequireRange(address, byteCount);
        return PurgeCore(address, byteCount);
    }

    /// <summary>Changes what may be done to committed pages; their contents stay: <c>mprotect</c>, <c>VirtualProtect</c>.</summary>
    /// <param name="address">Start of the range, all committed.</param>
    /// <param name="byteCount">Length in bytes, a multiple of the page size, not 0.</param>
    /// <param name="protection">The new protection; <see cref="PageProtection.None"/> makes every access fault.</param>
    /// <returns>Success, or a refusal; the protections are then what they were.</returns>
    /// <remarks>
    /// One exception, for this call, <see cref="Commit"/> and <see cref="Decommit"/>: a range that lies in several of the
    /// system's mappings, at the cap on their number (<see cref="RefusalReason.MappingLimit"/>). Linux changes mapping
    /// by mapping, and a refusal to split the last one leaves those before it with the new protection; contents are
    /// unharmed. Who knows what the protections were sets them back run by run, which splits nothing.
    /// </remarks>
    /// <exception cref="ArgumentException">The range is empty, unaligned or wraps, or would be writable and executable.</exception>
    public SystemReply Protect(nuint address, nuint byteCount, PageProtection protection)
    {
        RequireRange(address, byteCount);
        RequireProtection(protection);
        return ProtectCore(address, byteCount, protection);
    }

    /// <summary>Says what is expected of a range: <c>madvise(2)</c>, <c>PrefetchVirtualMemory</c>, <c>MEM_RESET</c>.</summary>
    /// <param name="address">Start of the range.</param>
    /// <param name="byteCount">Length in bytes, a multiple of the page size, not 0.</param>
    /// <param name="advice">What is expected.</param>
    /// <returns>Success, or a refusal: <see cref="RefusalReason.NotSupported"/> where the system has no such advice.</returns>
    /// <exception cref="ArgumentException">The range is empty, unaligned or wraps, or the advice is none that is known.</exception>
    public SystemReply Advise(nuint address, nuint byteCount, PageAdvice advice)
    {
        RequireRange(address, byteCount);
        if (advice > PageAdvice.IncludeInFork)
        {
            throw new ArgumentOutOfRangeException(nameof(advice), advice, "Not an advice.");
        }

        return AdviseCore(address, byteCount, advice);
    }

    /// <summary>Makes committed, writable pages resident ahead of use, without changing their contents.</summary>
    /// <param name="address">Start of the range, all committed and writable.</param>
    /// <param name="byteCount">Length in bytes, a multiple of the page size, not 0.</param>
    /// <returns>
    /// Success, or a refusal. With <see cref="PlatformCapabilities.Populate"/> a shortage of memory is a refusal;
    /// without it the pages are touched one by one, and a shortage is what it is at any first touch.
    /// </returns>
    /// <exception cref="ArgumentException">The range is empty, unaligned or wraps.</exception>
    public SystemReply Prefault(nuint address, nuint byteCount)
    {
        RequireRange(address, byteCount);
        return PrefaultCore(address, byteCount);
    }

    /// <summary>Keeps committed pages resident: <c>mlock(2)</c>, <c>VirtualLock</c>. Does not nest.</summary>
    /// <param name="address">Start of the range, all committed.</param>
    /// <param name="byteCount">Length in bytes, a multiple of the page size, not 0.</param>
    /// <returns>Success, or a refusal: <see cref="RefusalReason.LockLimit"/> names the limit to raise.</returns>
    /// <exception cref="ArgumentException">The range is empty, unaligned or wraps.</exception>
    public SystemReply Lock(nuint address, nuint byteCount)
    {
        RequireRange(address, byteCount);
        return LockCore(address, byteCount);
    }

    /// <summary>Undoes <see cref="Lock"/>; pages that are not locked are passed over.</summary>
    /// <param name="address">Start of the range, all committed.</param>
    /// <param name="byteCount">Length in bytes, a multiple of the page size, not 0.</param>
    /// <returns>Success, or a refusal.</returns>
    /// <exception cref="ArgumentException">The range is empty, unaligned or wraps.</exception>
    public SystemReply Unlock(nuint address, nuint byteCount)
    {
        RequireRange(address, byteCount);
        return UnlockCore(address, byteCount);
    }

    /// <summary>Leaves a range out of core dumps, until it is released.</summary>
    /// <param name="address">Start of the range, reserved or committed.</param>
    /// <param name="byteCount">Length in bytes, a multiple of the page size, not 0.</param>
    /// <returns>Success, or a refusal: <see cref="RefusalReason.NotSupported"/> where the system cannot.</returns>
    /// <remarks>Once for a whole reservation; per range it would split the system's mappings.</remarks>
    /// <exception cref="ArgumentException">The range is empty, unaligned or wraps.</exception>
    public SystemReply ExcludeFromCoreDumps(nuint address, nuint byteCount) =>
        Advise(address, byteCount, PageAdvice.ExcludeFromCoreDumps);

    /// <summary>Implements <see cref="Commit"/>; the arguments have been checked.</summary>
    /// <param name="address">Start of the range.</param>
    /// <param name="byteCount">Length in bytes.</param>
    /// <param name="protection">What may be done to the pages.</param>
    protected abstract SystemReply CommitCore(nuint address, nuint byteCount, PageProtection protection);

    /// <summary>Implements <see cref="Decommit"/>; the arguments have been checked.</summary>
    /// <param name="address">Start of the range.</param>
    /// <param name="byteCount">Length in bytes.</param>
    /// <param name="traits">Advice to put back.</param>
    protected abstract SystemReply DecommitCore(nuint address, nuint byteCount, RangeTraits traits);

    /// <summary>Implements <see cref="Purge"/>; the arguments have been checked.</summary>
    /// <param name="address">Start of the range.</param>
    /// <param name="byteCount">Length in bytes.</param>
    protected abstract SystemReply PurgeCore(nuint address, nuint byteCount);

    /// <summary>Implements <see cref="Protect"/>; the arguments have been checked.</summary>
    /// <param name="address">Start of the range.</param>
    /// <param name="byteCount">Length in bytes.</param>
    /// <param name="protection">The new protection.</param>
    protected abstract SystemReply ProtectCore(nuint address, nuint byteCount, PageProtection protection);

    /// <summary>Implements <see cref="Advise"/>; the arguments have been checked.</summary>
    /// <param name="address">Start of the range.</param>
    /// <param name="byteCount">Length in bytes.</param>
    /// <param name="advice">What is expected.</param>
    protected abstract SystemReply AdviseCore(nuint address, nuint byteCount, PageAdvice advice);

    /// <summary>Implements <see cref="Prefault"/>; the arguments have been checked.</summary>
    /// <param name="address">Start of the range.</param>
    /// <param name="byteCount">Length in bytes.</param>
    protected abstract SystemReply PrefaultCore(nuint address, nuint byteCount);

    /// <summary>Implements <see cref="Lock"/>; the arguments have been checked.</summary>
    /// <param name="address">Start of the range.</param>
    /// <param name="byteCount">Length in bytes.</param>
    protected abstract SystemReply LockCore(nuint address, nuint byteCount);

    /// <summary>Implements <see cref="Unlock"/>; the arguments have been checked.</summary>
    /// <param name="address">Start of the range.</param>
    /// <param name="byteCount">Length in bytes.</param>
    protected abstract SystemReply UnlockCore(nuint address, nuint byteCount);
}
