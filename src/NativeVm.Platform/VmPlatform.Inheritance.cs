namespace NativeVm.Platform;

public abstract partial class VmPlatform
{
    /// <summary>Whether a range can be given an inheritance; <see cref="SetInheritance"/> is refused where it cannot.</summary>
    /// <param name="inheritance">What the child is to see.</param>
    /// <param name="sharing">What is behind the range: a shared mapping of an object, or anything else.</param>
    public abstract bool Supports(PageInheritance inheritance, MappingSharing sharing);

    /// <summary>
    /// Says what a child process made by <c>fork(2)</c> sees of a range: <c>minherit(2)</c>,
    /// <c>madvise(MADV_DONTFORK, MADV_DOFORK)</c>.
    /// </summary>
    /// <param name="address">Start of the range, reserved or committed.</param>
    /// <param name="byteCount">Length in bytes, a multiple of the page size, not 0.</param>
    /// <param name="inheritance">What the child is to see.</param>
    /// <param name="sharing">What is behind the range: a shared mapping of an object, or anything else.</param>
    /// <returns>
    /// Success, or a refusal: <see cref="RefusalReason.NotSupported"/> where the system has no such inheritance.
    /// Linux has none and what the mapping is by nature: a copy of memory of one's own, the same pages of a shared
    /// mapping. Windows has no <c>fork</c>, so that every inheritance is kept, and the call does nothing.
    /// </returns>
    /// <remarks>
    /// A range without inheritance carries <see cref="RangeTraits.ExcludedFromFork"/>, to be named when it is
    /// decommitted.
    /// </remarks>
    /// <exception cref="ArgumentException">The range is empty, unaligned or wraps, or the inheritance is none that is known.</exception>
    public SystemReply SetInheritance(
        nuint address,
        nuint byteCount,
        PageInheritance inheritance,
        MappingSharing sharing = MappingSharing.CopyOnWrite)
    {
        RequireRange(address, byteCount);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((byte)inheritance, (byte)PageInheritance.None, nameof(inheritance));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((byte)sharing, (byte)MappingSharing.Shared, nameof(sharing));
        return SetInheritanceCore(address, byteCount, inheritance, sharing);
    }

    /// <summary>Implements <see cref="SetInheritance"/>; the arguments have been checked.</summary>
    /// <param name="address">Start of the range.</param>
    /// <param name="byteCount">Length in bytes.</param>
    /// <param name="inheritance">What the child is to see.</param>
    /// <param name="sharing">What is behind the range.</param>
    protected abstract SystemReply SetInheritanceCore(
        nuint address, nuint byteCount, PageInheritance inheritance, MappingSharing sharing);
}
