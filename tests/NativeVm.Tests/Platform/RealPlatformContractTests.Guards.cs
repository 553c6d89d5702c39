using NativeVm.Platform;
using NativeVm.Tests.Support;

namespace NativeVm.Tests.Platform;

public abstract partial class RealPlatformContractTests
{
    [CapabilityFact]
    public void A_guard_gives_the_pages_up_and_its_removal_gives_fresh_ones()
    {
        using PlatformRange range = PlatformRange.Commit(Subject, 16 * Granule);
        range.Bytes().Fill(1);
        Succeed(Subject.InstallGuard(range.Address + (4 * Granule), 4 * Granule));
        Succeed(Subject.InstallGuard(range.Address + (4 * Granule), 4 * Granule));
        if (Subject.Supports(PlatformCapabilities.PurgeReadsZero))
        {
            Assert.Equal(12 * Granule, Resident(range));
        }

        Succeed(Subject.RemoveGuard(range.Address + (4 * Granule), 4 * Granule, PageProtection.ReadWrite));
        if (Subject.Supports(PlatformCapabilities.PurgeReadsZero))
        {
            Assert.False(range.Bytes(4 * Granule, 4 * Granule).ContainsAnyExcept((byte)0));
        }

        range.Bytes(4 * Granule, 4 * Granule).Fill(2);
        Assert.False(range.Bytes(0, 4 * Granule).ContainsAnyExcept((byte)1));
        Assert.False(range.Bytes(8 * Granule, 8 * Granule).ContainsAnyExcept((byte)1));
    }

    [CapabilityFact]
    public void The_removal_of_guards_leaves_pages_without_one_alone()
    {
        using PlatformRange range = PlatformRange.Commit(Subject, 4 * Granule);
        range.Bytes().Fill(1);
        Succeed(Subject.InstallGuard(range.Address + Granule, Granule));
        Succeed(Subject.RemoveGuard(range.Address, range.ByteCount, PageProtection.ReadWrite));
        Assert.False(range.Bytes(0, Granule).ContainsAnyExcept((byte)1));
        Assert.False(range.Bytes(2 * Granule, 2 * Granule).ContainsAnyExcept((byte)1));
    }

    [CapabilityFact]
    public void A_decommit_takes_guards_off()
    {
        using PlatformRange range = PlatformRange.Commit(Subject, 4 * Granule);
        Succeed(Subject.InstallGuard(range.Address, Granule));
        Succeed(Subject.Purge(range.Address, range.ByteCount));
        Succeed(Subject.Decommit(range.Address, range.ByteCount));
        Succeed(Subject.Commit(range.Address, range.ByteCount, PageProtection.ReadWrite));
        range.Bytes().Fill(1);
    }

    [CapabilityFact]
    public void Guards_by_the_thousand_add_no_mappings_where_there_are_guard_regions()
    {
        const nuint Guards = 65_536;
        if (!Subject.Supports(PlatformCapabilities.GuardRegions))
        {
            return;
        }

        using PlatformRange range = PlatformRange.Commit(Subject, 2 * Guards * Page);
        Succeed(Subject.CountMappings(range.Address, range.ByteCount, out nuint before));
        long calls = Subject.SystemCallCount;
        for (nuint guard = 0; guard < Guards; guard++)
        {
            SystemReply reply = Subject.InstallGuard(range.Address + (((2 * guard) + 1) * Page), Page);
            if (reply.IsRefused)
            {
                Succeed(reply);
            }
        }

        Assert.Equal((long)Guards, Subject.SystemCallCount - calls);
        Succeed(Subject.CountMappings(range.Address, range.ByteCount, out nuint after));
        Assert.Equal(before, after);
        range.Bytes(0, Page).Fill(1);
    }

    [CapabilityFact(Needs.SharedMemoryObjects)]
    public void Every_inheritance_that_is_supported_is_set_and_the_others_are_refused()
    {
        using MemoryObjectHandle memory = CreateMemory(Granule);
        using PlatformView view = new(Subject, Granule, memory, PageProtection.ReadWrite);
        using PlatformRange range = PlatformRange.Commit(Subject, Granule);
        Assert.True(Subject.Supports(PageInheritance.Copy, MappingSharing.CopyOnWrite));
        foreach (PageInheritance inheritance in Enum.GetValues<PageInheritance>())
        {
            Check(range.Address, inheritance, MappingSharing.CopyOnWrite);
            Check(view.Address, inheritance, MappingSharing.Shared);
        }

        void Check(nuint address, PageInheritance inheritance, MappingSharing sharing)
        {
            SystemReply reply = Subject.SetInheritance(address, Granule, inheritance, sharing);
            Assert.Equal(
                Subject.Supports(inheritance, sharing) ? RefusalReason.None : RefusalReason.NotSupported, reply.Reason);
        }
    }

    [CapabilityFact]
    public void On_one_node_a_preferred_node_costs_nothing_and_another_node_is_misuse()
    {
        using PlatformRange range = PlatformRange.Commit(Subject, Granule);
        Assert.True(Subject.NumaNodeCount >= 1);
        Assert.Throws<ArgumentOutOfRangeException>(
            () => Subject.SetPreferredNode(range.Address, Granule, Subject.NumaNodeCount));
        Assert.Throws<ArgumentOutOfRangeException>(() => Subject.SetPreferredNode(range.Address, Granule, -2));
        long calls = Subject.SystemCallCount;
        if (Subject.NumaNodeCount == 1)
        {
            Succeed(Subject.SetPreferredNode(range.Address, Granule, 0));
            Succeed(Subject.SetPreferredNode(range.Address, Granule, VmPlatform.AnyNode));
            Assert.Equal(calls, Subject.SystemCallCount);
        }
    }

    [CapabilityFact]
    public void Code_that_was_written_is_published_and_no_code_is_no_call()
    {
        using PlatformRange range = PlatformRange.Commit(Subject, Granule);
        Succeed(Subject.PublishCode(range.Address, Granule));
        Succeed(Subject.PublishCode(range.Address + 1, 5));
        long calls = Subject.SystemCallCount;
        Succeed(Subject.PublishCode(range.Address, 0));
        Assert.Equal(calls, Subject.SystemCallCount);
        Assert.Throws<ArgumentOutOfRangeException>(() => Subject.PublishCode(nuint.MaxValue, 2));
    }

    [CapabilityFact]
    public void Explicit_huge_pages_are_zeroed_memory_or_are_refused_with_what_to_do()
    {
        nuint huge = Subject.HugePageSize;
        if (huge == 0)
        {
            return;
        }

        using PlatformRange range = Subject.Supports(PlatformCapabilities.Placeholders)
            ? PlatformRange.ReservePlaceholder(Subject, 4 * huge, Placement.Aligned(huge))
            : PlatformRange.Reserve(Subject, 4 * huge, Placement.Aligned(huge));
        Assert.ThrowsAny<ArgumentException>(() => Subject.CommitHugePages(range.Address + Page, huge, PageProtection.Read));
        Assert.ThrowsAny<ArgumentException>(() => Subject.CommitHugePages(range.Address, Page, PageProtection.Read));
        Assert.ThrowsAny<ArgumentException>(() => Subject.CommitHugePages(range.Address, huge, PageProtection.None));
        Succeed(Subject.Commit(range.Address, 4 * huge, PageProtection.ReadWrite));
        range.Bytes(0, Page).Fill(1);
        range.Bytes(huge, Page).Fill(1);
        Succeed(Subject.Purge(range.Address + (2 * huge), huge));
        bool replacesCommitted = Subject.Supports(PlatformCapabilities.RangesSpanReservations);
        if (!replacesCommitted)
        {
            Succeed(Subject.Decommit(range.Address + huge, huge));
        }

        SystemReply reply = Subject.CommitHugePages(range.Address + huge, huge, PageProtection.ReadWrite);
        Assert.Equal(1, range.Bytes(0, 1)[0]);
        if (reply.IsSuccess)
        {
            Assert.False(range.Bytes(huge, huge).ContainsAnyExcept((byte)0));
            Succeed(Subject.Decommit(range.Address + huge, huge));
            return;
        }

        Assert.True(!replacesCommitted || range.Bytes(huge, 1)[0] == 1);
        Assert.Contains(
            reply.Reason == RefusalReason.NoHugePages ? "vm.nr_hugepages" : "SeLockMemoryPrivilege",
            reply.ToString(),
            StringComparison.Ordinal);
    }
}
