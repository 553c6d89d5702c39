using NativeVm.Platform;
using NativeVm.Tests.Support;

namespace NativeVm.Tests.Platform;

public abstract partial class PlatformContractTests
{
    [CapabilityFact]
    public void Empty_unaligned_and_wrapping_ranges_are_misuse()
    {
        using PlatformRange range = PlatformRange.Commit(Subject, 4 * Granule);
        long before = Subject.SystemCallCount;
        foreach (Action<nuint, nuint> operation in RangeOperations())
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => operation(range.Address, 0));
            Assert.ThrowsAny<ArgumentException>(() => operation(range.Address + 1, Page));
            Assert.ThrowsAny<ArgumentException>(() => operation(range.Address, Page + 1));
            Assert.ThrowsAny<ArgumentException>(() => operation(range.Address, Page - 1));
            Assert.ThrowsAny<ArgumentException>(() => operation(unchecked(0 - Page), 2 * Page));
            Assert.ThrowsAny<ArgumentException>(() => operation(range.Address, unchecked(0 - Page)));
        }

        Assert.Equal(before, Subject.SystemCallCount);
        AssertRegion(range.Address, PageState.Committed, PageProtection.ReadWrite);
    }

    [CapabilityFact]
    public void Misused_reservations_throw()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Subject.Reserve(0, Placement.Anywhere, out _));
        Assert.ThrowsAny<ArgumentException>(() => Subject.Reserve(Page - 1, Placement.Anywhere, out _));
        Assert.ThrowsAny<ArgumentException>(() => Subject.Reserve(Page, Placement.At(GiB + 1), out _));
        Assert.ThrowsAny<ArgumentException>(() => Subject.Reserve(2 * Page, Placement.At(unchecked(0 - Page)), out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => Placement.Aligned(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Placement.Aligned(3));
        Assert.Throws<ArgumentOutOfRangeException>(() => Placement.Below(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Placement.Between(GiB, GiB));
        Assert.Throws<ArgumentOutOfRangeException>(() => Placement.Within(GiB, 0));
    }

    [CapabilityFact]
    public void Misused_tails_throw()
    {
        using PlatformRange range = PlatformRange.Reserve(Subject, 4 * Granule);
        Assert.ThrowsAny<ArgumentException>(() => Subject.ReleaseTail(range.Address, 4 * Granule, 0));
        Assert.ThrowsAny<ArgumentException>(() => Subject.ReleaseTail(range.Address, 4 * Granule, 4 * Granule));
        Assert.ThrowsAny<ArgumentException>(() => Subject.ReleaseTail(range.Address, 4 * Granule, 5 * Granule));
        Assert.ThrowsAny<ArgumentException>(() => Subject.ReleaseTail(range.Address, 4 * Granule, Page - 1));
    }

    [CapabilityFact]
    public void Misused_protections_and_advice_throw()
    {
        using PlatformRange range = PlatformRange.Commit(Subject, 4 * Granule);
        const PageProtection WriteAndExecute = PageProtection.ReadWrite | PageProtection.Execute;
        Assert.Throws<ArgumentException>(() => Subject.Commit(range.Address, Page, PageProtection.None));
        Assert.Throws<ArgumentException>(() => Subject.Commit(range.Address, Page, WriteAndExecute));
        Assert.Throws<ArgumentException>(() => Subject.Protect(range.Address, Page, WriteAndExecute));
        Assert.Throws<ArgumentOutOfRangeException>(() => Subject.Protect(range.Address, Page, (PageProtection)8));
        Assert.Throws<ArgumentOutOfRangeException>(() => Subject.Advise(range.Address, Page, (PageAdvice)200));
        Assert.False(Subject.Supports((PageAdvice)200));
    }

    [CapabilityFact]
    public void A_query_above_the_address_space_is_refused()
    {
        Assert.Equal(RefusalReason.InvalidRange, Subject.Query(nuint.MaxValue, out RegionInfo region).Reason);
        Assert.Equal(default, region);
    }

    private List<Action<nuint, nuint>> RangeOperations() =>
    [
        (address, byteCount) => Subject.Commit(address, byteCount, PageProtection.Read),
        (address, byteCount) => Subject.Decommit(address, byteCount),
        (address, byteCount) => Subject.Purge(address, byteCount),
        (address, byteCount) => Subject.Protect(address, byteCount, PageProtection.Read),
        (address, byteCount) => Subject.Advise(address, byteCount, PageAdvice.Normal),
        (address, byteCount) => Subject.Prefault(address, byteCount),
        (address, byteCount) => Subject.Lock(address, byteCount),
        (address, byteCount) => Subject.Unlock(address, byteCount),
        (address, byteCount) => Subject.Release(address, byteCount),
        (address, byteCount) => Subject.ExcludeFromCoreDumps(address, byteCount),
        (address, byteCount) => Subject.QueryResident(address, byteCount, out _),
        (address, byteCount) => Subject.CountMappings(address, byteCount, out _),
        (address, byteCount) => Subject.UnmapObject(address, byteCount),
        (address, byteCount) => Subject.ReleaseObject(address, byteCount),
        (address, byteCount) => Subject.Synchronize(address, byteCount),
        (address, byteCount) => Subject.InstallGuard(address, byteCount),
        (address, byteCount) => Subject.RemoveGuard(address, byteCount, PageProtection.Read),
        (address, byteCount) => Subject.SetInheritance(address, byteCount, PageInheritance.Copy),
        (address, byteCount) => Subject.CommitHugePages(address, byteCount, PageProtection.Read),
        (address, byteCount) => Subject.SetPreferredNode(address, byteCount, 0),
    ];
}
