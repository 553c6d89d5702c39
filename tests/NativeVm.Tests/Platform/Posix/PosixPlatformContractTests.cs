using NativeVm.Platform;
using NativeVm.Tests.Support;

namespace NativeVm.Tests.Platform.Posix;

/// <summary>What the POSIX platform promises beyond the common ground, checked against <c>/proc/self/smaps</c>.</summary>
public abstract partial class PosixPlatformContractTests : RealPlatformContractTests
{
    [CapabilityFact(Needs.Smaps)]
    public void A_reservation_promises_no_memory_and_a_commit_of_it_neither()
    {
        using PlatformRange range = PlatformRange.Commit(Subject, 16 * Page, Placement.Aligned(GiB));
        SmapsEntry entry = SmapsEntry.At(range.Address);
        Assert.True(entry.Has("nr"));
        Assert.True(entry.Has("rd") && entry.Has("wr") && !entry.Has("ex") && !entry.Has("sh"));
        range.Bytes(0, 4 * Page).Fill(1);
        Assert.Equal(4 * Page, SmapsEntry.At(range.Address).ResidentByteCount);
    }

    [CapabilityFact(Needs.Smaps)]
    public void Advice_reaches_the_mapping_and_survives_a_decommit()
    {
        using PlatformRange range = PlatformRange.Commit(Subject, 16 * Page, Placement.Aligned(GiB));
        Succeed(Subject.ExcludeFromCoreDumps(range.Address, range.ByteCount));
        Succeed(Subject.Advise(range.Address, range.ByteCount, PageAdvice.ExcludeFromFork));
        AssertFlags(SmapsEntry.At(range.Address));
        Succeed(Subject.Decommit(
            range.Address, 4 * Page, RangeTraits.ExcludedFromCoreDumps | RangeTraits.ExcludedFromFork));
        AssertFlags(SmapsEntry.At(range.Address));
        Succeed(Subject.Advise(range.Address, range.ByteCount, PageAdvice.IncludeInCoreDumps));
        Succeed(Subject.Advise(range.Address, range.ByteCount, PageAdvice.IncludeInFork));
        Assert.False(SmapsEntry.At(range.Address).Has("dd"));
        Assert.False(SmapsEntry.At(range.Address).Has("dc"));

        static void AssertFlags(SmapsEntry entry) => Assert.True(entry.Has("dd") && entry.Has("dc"));
    }

    [CapabilityFact(Needs.Smaps | Needs.HugePages)]
    public void Huge_pages_stand_behind_a_range_that_asks_for_them()
    {
        nuint huge = Subject.HugePageSize;
        using PlatformRange range = PlatformRange.Commit(Subject, 4 * huge, Placement.Aligned(huge));
        Succeed(Subject.Advise(range.Address, range.ByteCount, PageAdvice.HugePages));
        Assert.True(SmapsEntry.At(range.Address).Has("hg"));
        Succeed(Subject.Decommit(range.Address, huge, RangeTraits.HugePages));
        Assert.True(SmapsEntry.At(range.Address).Has("hg"));
    }

    [CapabilityFact(Needs.Smaps)]
    public void A_lock_is_the_mappings_and_a_decommit_takes_it_off()
    {
        using PlatformRange range = PlatformRange.Commit(Subject, 4 * Page, Placement.Aligned(GiB));
        Succeed(Subject.Lock(range.Address, range.ByteCount));
        Assert.True(SmapsEntry.At(range.Address).Has("lo"));
        Succeed(Subject.Decommit(range.Address, range.ByteCount));
        Assert.False(SmapsEntry.At(range.Address).Has("lo"));
    }

    [CapabilityFact(Needs.Smaps)]
    public void A_lock_that_fails_at_a_page_leaves_nothing_locked()
    {
        using PlatformRange range = PlatformRange.Reserve(Subject, 4 * Page, Placement.Aligned(GiB));
        SystemReply reply = Subject.Lock(range.Address, range.ByteCount);
        Assert.Equal(RefusalReason.InvalidRange, reply.Reason);
        Assert.False(SmapsEntry.At(range.Address).Has("lo"));
    }

    [CapabilityFact(Needs.Linux)]
    public void Queries_agree_with_the_list_of_mappings()
    {
        using PlatformRange range = PlatformRange.Reserve(Subject, 16 * Page, Placement.Aligned(GiB));
        Succeed(Subject.Commit(range.Address + (4 * Page), 4 * Page, PageProtection.Read));
        Succeed(Subject.CountMappings(range.Address, range.ByteCount, out nuint count));
        Assert.Equal(3u, count);
        Succeed(Subject.CountMappings(range.Address + (3 * Page), 2 * Page, out count));
        Assert.Equal(2u, count);
        Succeed(Subject.Query(range.Address + (5 * Page) + 123, out RegionInfo region));
        Assert.Equal(
            new(range.Address + (4 * Page), 4 * Page, PageState.Committed, PageProtection.Read), region);
        Succeed(Subject.Query(0, out RegionInfo hole));
        Assert.Equal(PageState.Free, hole.State);
        Assert.Equal(0u, hole.Address);
        Succeed(Subject.Query(Subject.HighestAddress - 1, out RegionInfo top));
        Assert.Equal(Subject.HighestAddress, top.End);
    }

    [CapabilityFact(Needs.Linux)]
    public void The_regions_of_the_address_space_follow_each_other_without_a_gap()
    {
        nuint address = 0;
        int regions = 0;
        for (; address < Subject.HighestAddress; regions++)
        {
            Succeed(Subject.Query(address, out RegionInfo region));
            Assert.InRange(address, region.Address, region.End - 1);
            address = region.End;
        }

        Assert.True(regions > 20);
        Assert.Equal(Subject.HighestAddress, address);
    }

    [CapabilityFact(Needs.Linux)]
    public void An_address_just_below_the_stack_is_never_proposed()
    {
        SmapsEntry? stack = SmapsEntry.Named("[stack]");
        if (stack is null)
        {
            return;
        }

        using PlatformRange range = PlatformRange.Reserve(
            Subject, Page, Placement.Between(stack.Address - (GiB / 2), stack.Address + stack.ByteCount));
        Assert.True(range.End <= stack.Address - (128 * MiB));
    }
}
