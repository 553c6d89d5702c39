using NativeVm.Changes;

namespace NativeVm;

public sealed partial class VmMap
{
    /// <summary>Says what is expected of a range (<c>vm_map_madvise</c>); the advice reaches its committed pages.</summary>
    /// <param name="start">First address, a multiple of the page size; what lies outside the map is left out.</param>
    /// <param name="byteCount">Bytes, rounded up to whole pages; 0 changes nothing.</param>
    /// <param name="advice">What is expected.</param>
    /// <returns>
    /// Success; <see cref="VmResult.InvalidArgument"/> when an entry is a submap, or its contents are to go and
    /// it is wired or has an object behind it, or an end of the range would break up a huge page;
    /// <see cref="VmResult.ResourceShortage"/> when the system refuses. Advice that only tells of an expectation (normal,
    /// random, sequential, will need, free) succeeds without effect on a system that has none such.
    /// </returns>
    /// <remarks>
    /// Takes the lock exclusively. Holes and entries without memory are skipped. What lasts (core dumps, huge pages)
    /// goes with the pages when they are decommitted. Advice on huge pages is given to the whole huge pages that lie
    /// in the range, and to nothing of it if none does. When several runs are purged and the system refuses one, the
    /// contents of the earlier ones are gone.
    /// </remarks>
    /// <exception cref="ArgumentException">The start is unaligned, or the advice is none that is known.</exception>
    /// <exception cref="ObjectDisposedException">The map has been disposed of.</exception>
    public VmResult Advise(nuint start, nuint byteCount, VmAdvice advice) =>
        Advise(start, byteCount, advice, GiveBackFlags.None);

    /// <summary>
    /// As <see cref="Advise(nuint, nuint, VmAdvice)"/>, saying how contents that are no longer needed are given back.
    /// </summary>
    /// <param name="start">First address, a multiple of the page size; what lies outside the map is left out.</param>
    /// <param name="byteCount">Bytes, rounded up to whole pages; 0 changes nothing.</param>
    /// <param name="advice">What is expected.</param>
    /// <param name="flags">Whether huge pages are broken up for it.</param>
    /// <returns>As without the flags.</returns>
    /// <exception cref="ArgumentException">The start is unaligned, or the advice or a flag is none that is known.</exception>
    /// <exception cref="ObjectDisposedException">The map has been disposed of.</exception>
    public VmResult Advise(nuint start, nuint byteCount, VmAdvice advice, GiveBackFlags flags)
    {
        RequireGiveBackFlags(flags);
        if (advice > VmAdvice.CollapseHugePages)
        {
            throw new ArgumentOutOfRangeException(nameof(advice), advice, "Not an advice.");
        }

        using VmMapLockScope scope = EnterWriteLock();
        ClampToMap(start, byteCount, out ulong first, out ulong end);
        if (advice is VmAdvice.DontNeed or VmAdvice.Free && flags == GiveBackFlags.None && SplitsHugePage(first, end))
        {
            return VmResult.InvalidArgument;
        }

        if (advice >= VmAdvice.HugePages)
        {
            NarrowToHugePages(ref first, ref end);
        }

        AdviseChange change = new(advice, HasGuardRegions);
        bool isExpectation = advice is not VmAdvice.DontNeed && advice <= VmAdvice.Free;
        return isExpectation && !_platform.Supports(AdviseChange.ToPageAdvice(advice))
            ? Check(first, end, change, out _)
            : Change(first, end, change);
    }

    /// <summary>Keeps of a range the huge pages that lie in it whole.</summary>
    private void NarrowToHugePages(ref ulong first, ref ulong end)
    {
        ulong pages = Math.Max(1, _platform.HugePageSize >> _pageShift);
        ulong past = first % pages;
        first += past == 0 ? 0 : pages - past;
        end -= end % pages;
        end = Math.Max(first, end);
    }
}
