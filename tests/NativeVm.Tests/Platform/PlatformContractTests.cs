using NativeVm.Platform;
using NativeVm.Tests.Support;

namespace NativeVm.Tests.Platform;

/// <summary>
/// What every platform promises, found out through the platform alone: nothing here touches the memory, so that a
/// simulated address space can be held to it too.
/// </summary>
public abstract partial class PlatformContractTests
{
    private protected static readonly nuint KiB = 1 << 10;
    private protected static readonly nuint MiB = 1 << 20;
    private protected static readonly nuint GiB = 1 << 30;
    private protected static readonly nuint TiB = 1024 * GiB;

    private protected abstract VmPlatform Subject { get; }

    /// <summary>The longest range to reserve, in bytes: Wine keeps a byte for each page, and looks at them one by one.</summary>
    private protected virtual nuint LargestReservation => 16 * TiB;

    /// <summary>How many calls to the system a purge is.</summary>
    private protected virtual long CallsToPurge => 1;

    private protected nuint Page => Subject.PageSize;

    private protected nuint Granule => Subject.AllocationGranularity;

    [CapabilityFact]
    public void Its_properties_agree_with_each_other()
    {
        Assert.NotEmpty(Subject.Name);
        Assert.True(nuint.IsPow2(Page));
        Assert.True(nuint.IsPow2(Granule));
        Assert.True(Granule >= Page);
        Assert.True(Subject.HugePageSize == 0 || (nuint.IsPow2(Subject.HugePageSize) && Subject.HugePageSize > Page));
        Assert.True(Subject.LowestAddress < Subject.HighestAddress);
        Assert.True(Subject.LowestAddress > 0);
        Assert.Equal(0u, (Subject.LowestAddress | Subject.HighestAddress) & (Page - 1));
        Assert.Equal(
            Subject.Supports(PageAdvice.ExcludeFromCoreDumps),
            Subject.Supports(PlatformCapabilities.ExcludeFromCoreDumps));
    }

    [CapabilityFact]
    public void Committed_pages_have_their_protection_and_the_rest_is_reserved()
    {
        using PlatformRange range = PlatformRange.Reserve(Subject, 16 * Granule);
        nuint middle = range.Address + (4 * Granule);
        Succeed(Subject.Commit(middle, 2 * Granule, PageProtection.ReadWrite));

        AssertRegion(range.Address, PageState.Reserved, PageProtection.None);
        AssertRegion(middle, PageState.Committed, PageProtection.ReadWrite);
        AssertRegion(middle + (2 * Granule) - 1, PageState.Committed, PageProtection.ReadWrite);
        AssertRegion(middle + (2 * Granule), PageState.Reserved, PageProtection.None);
    }

    [CapabilityFact]
    public void A_commit_over_committed_pages_takes_the_new_protection()
    {
        using PlatformRange range = PlatformRange.Commit(Subject, 4 * Granule);
        Succeed(Subject.Commit(range.Address, 4 * Granule, PageProtection.Read));
        AssertRegion(range.Address, PageState.Committed, PageProtection.Read);
    }

    [CapabilityFact]
    public void A_decommit_leaves_the_range_reserved_and_passes_over_what_is_not_committed()
    {
        using PlatformRange range = PlatformRange.Reserve(Subject, 16 * Granule);
        Succeed(Subject.Commit(range.Address + (3 * Granule), Granule, PageProtection.ReadWrite));
        Succeed(Subject.Commit(range.Address + (5 * Granule), Granule, PageProtection.Read));
        Succeed(Subject.Decommit(range.Address + Granule, 12 * Granule));
        Succeed(Subject.Decommit(range.Address, 16 * Granule));
        for (nuint offset = 0; offset < range.ByteCount; offset += Granule)
        {
            AssertRegion(range.Address + offset, PageState.Reserved, PageProtection.None);
        }
    }

    [CapabilityFact]
    public void Protections_are_what_was_asked_for()
    {
        using PlatformRange range = PlatformRange.Commit(Subject, 4 * Granule);
        foreach (PageProtection protection in new[]
        {
            PageProtection.Read, PageProtection.ReadWrite, PageProtection.ReadExecute, PageProtection.None, PageProtection.ReadWrite,
        })
        {
            Succeed(Subject.Protect(range.Address, Page, protection));
            if (Subject.Query(range.Address, out RegionInfo region).IsSuccess)
            {
                Assert.Equal(protection, region.Protection);
            }

            AssertRegion(range.Address + Page, PageState.Committed, PageProtection.ReadWrite);
        }
    }

    [CapabilityFact]
    public void A_purge_leaves_the_range_committed()
    {
        using PlatformRange range = PlatformRange.Commit(Subject, 4 * Granule);
        Succeed(Subject.Purge(range.Address, 4 * Granule));
        AssertRegion(range.Address, PageState.Committed, PageProtection.ReadWrite);
    }

    [CapabilityFact]
    public void Advice_is_taken_where_it_is_supported_and_refused_where_it_is_not()
    {
        nuint byteCount = nuint.Max(4 * Granule, 2 * Subject.HugePageSize);
        using PlatformRange range = PlatformRange.Commit(
            Subject, byteCount, Placement.Aligned(nuint.Max(Granule, Subject.HugePageSize)));
        foreach (PageAdvice advice in Enum.GetValues<PageAdvice>())
        {
            SystemReply reply = Subject.Advise(range.Address, byteCount, advice);
            if (Subject.Supports(advice))
            {
                // To collapse is the one advice that is work, and that may find no huge page to be had.
                Assert.True(reply.IsSuccess || advice == PageAdvice.CollapseHugePages, $"{advice}: {reply}");
            }
            else
            {
                Assert.Equal(RefusalReason.NotSupported, reply.Reason);
                Assert.Equal(SystemOperation.Advise, reply.Operation);
            }
        }
    }

    [CapabilityFact]
    public void Prefault_lock_and_unlock_take_committed_pages()
    {
        using PlatformRange range = PlatformRange.Commit(Subject, 4 * Granule);
        Succeed(Subject.Prefault(range.Address, range.ByteCount));
        Succeed(Subject.Lock(range.Address, Page));
        Succeed(Subject.Unlock(range.Address, Page));
    }

    [CapabilityFact]
    public void Reservations_cost_no_more_calls_the_larger_they_are()
    {
        foreach (nuint byteCount in new[] { 64 * KiB, GiB, 64 * GiB, LargestReservation })
        {
            long before = Subject.SystemCallCount;
            Succeed(Subject.Reserve(byteCount, Placement.Anywhere, out nuint address));
            Succeed(Subject.Release(address, byteCount));
            Assert.Equal(2, Subject.SystemCallCount - before);
        }
    }

    [CapabilityFact]
    public void Commit_decommit_purge_and_protect_are_one_call_each()
    {
        using PlatformRange range = PlatformRange.Reserve(Subject, 16 * Granule);
        AssertCalls(1, () => Subject.Commit(range.Address, range.ByteCount, PageProtection.ReadWrite));
        AssertCalls(1, () => Subject.Protect(range.Address, Granule, PageProtection.Read));
        AssertCalls(1, () => Subject.Protect(range.Address, Granule, PageProtection.ReadWrite));
        AssertCalls(CallsToPurge, () => Subject.Purge(range.Address, Granule));
        AssertCalls(1, () => Subject.Decommit(range.Address, range.ByteCount));
        AssertCalls(0, () => Subject.PageSize == 0 ? throw new InvalidOperationException() : SystemReply.Success);
    }

    private void AssertCalls(long expected, Func<SystemReply> operation)
    {
        long before = Subject.SystemCallCount;
        Succeed(operation());
        Assert.Equal(expected, Subject.SystemCallCount - before);
    }

    private protected static void Succeed(SystemReply reply) => Assert.True(reply.IsSuccess, reply.ToString());

    /// <summary>A place that was free a moment ago, far from where the system likes to map by itself.</summary>
    private protected nuint FindRoom(nuint byteCount)
    {
        using PlatformRange range = PlatformRange.Reserve(Subject, byteCount, Placement.Aligned(64 * GiB));
        return range.Address;
    }

    /// <summary>Asserts what is at an address, where the platform can tell.</summary>
    private protected void AssertRegion(nuint address, PageState state, PageProtection protection)
    {
        SystemReply reply = Subject.Query(address, out RegionInfo region);
        if (reply.Reason == RefusalReason.NotSupported)
        {
            return;
        }

        Succeed(reply);
        Assert.InRange(address, region.Address, region.End - 1);
        Assert.Equal(state, region.State);
        Assert.Equal(protection, region.Protection);
    }
}
