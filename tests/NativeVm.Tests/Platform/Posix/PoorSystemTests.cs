using NativeVm.Platform;
using NativeVm.Platform.Posix;
using NativeVm.Tests.Support;

namespace NativeVm.Tests.Platform.Posix;

/// <summary>What holds on older and poorer systems, and what is left after a refusal.</summary>
public sealed class PoorSystemTests
{
    private static readonly nuint MiB = 1 << 20;
    private static readonly nuint GiB = 1 << 30;

    [CapabilityFact(Needs.Linux)]
    public void Where_the_address_is_a_hint_a_taken_place_is_still_refused_and_nothing_is_left_behind()
    {
        var platform = new PosixPlatform(new PoorSystemBinding { TakesAddressAsHint = true });
        using PlatformRange range = PlatformRange.Commit(platform, MiB, Placement.Aligned(GiB));
        range.Bytes().Fill(1);
        long before = platform.SystemCallCount;
        SystemReply reply = platform.Reserve(MiB, Placement.At(range.Address), out nuint address);
        Assert.Equal(RefusalReason.AddressInUse, reply.Reason);
        Assert.Equal(0u, address);

        // The mapping elsewhere was made and taken back.
        Assert.Equal(2, platform.SystemCallCount - before);
        Assert.False(range.Bytes().ContainsAnyExcept((byte)1));
    }

    [CapabilityFact(Needs.Linux)]
    public void Where_the_address_is_a_hint_bounds_and_alignments_hold()
    {
        var platform = new PosixPlatform(new PoorSystemBinding { TakesAddressAsHint = true });
        using PlatformRange low = PlatformRange.Reserve(platform, MiB, Placement.Below(4 * GiB, MiB));
        Assert.True(low.End <= 4 * GiB);
        using PlatformRange aligned = PlatformRange.Reserve(platform, MiB, Placement.Aligned(64 * GiB));
        Assert.Equal(0u, aligned.Address & ((64 * GiB) - 1));
    }

    [CapabilityFact(Needs.Linux)]
    public void Without_a_list_of_mappings_bounds_are_found_by_trying()
    {
        foreach (bool hints in new[] { false, true })
        {
            var platform = new PosixPlatform(new PoorSystemBinding { HasNoProc = true, TakesAddressAsHint = hints });
            var ranges = new List<PlatformRange>();
            for (int i = 0; i < 16; i++)
            {
                ranges.Add(PlatformRange.Reserve(platform, MiB, Placement.Below(4 * GiB, MiB)));
                Assert.True(ranges[^1].End <= 4 * GiB);
                Assert.Equal(0u, ranges[^1].Address & (MiB - 1));
            }

            Assert.Equal(16, ranges.Select(range => range.Address).Distinct().Count());
            using PlatformRange full = PlatformRange.Reserve(platform, 64 * MiB);
            SystemReply reply = platform.Reserve(MiB, Placement.Between(full.Address, full.End), out _);
            Assert.Equal(RefusalReason.NoAddressSpace, reply.Reason);
            ranges.ForEach(range => range.Dispose());
        }
    }

    [CapabilityFact(Needs.Linux)]
    public void A_place_that_is_lost_to_somebody_means_the_next_one()
    {
        foreach (int lost in new[] { 1, 5, 20 })
        {
            var binding = new PoorSystemBinding();
            var platform = new PosixPlatform(binding);
            binding.PlacesToLose = lost;
            using PlatformRange range = PlatformRange.Reserve(platform, MiB, Placement.Below(64 * GiB));
            Assert.True(range.End <= 64 * GiB);
            Assert.Equal(lost + 1, binding.PlacesAsked);
        }
    }

    [CapabilityFact(Needs.Linux)]
    public void Places_that_are_always_lost_end_in_a_refusal()
    {
        var binding = new PoorSystemBinding { PlacesToLose = int.MaxValue };
        var platform = new PosixPlatform(binding);
        SystemReply reply = platform.Reserve(MiB, Placement.Below(64 * GiB), out nuint address);
        Assert.Equal(RefusalReason.NoAddressSpace, reply.Reason);
        Assert.Equal(0u, address);
    }

    [CapabilityFact(Needs.Linux)]
    public void An_old_system_has_fewer_capabilities_and_still_prefaults()
    {
        var platform = new PosixPlatform(new PoorSystemBinding { HasOldAdviceOnly = true });
        Assert.False(platform.Supports(PlatformCapabilities.Populate));
        Assert.False(platform.Supports(PlatformCapabilities.GuardRegions));
        Assert.False(platform.Supports(PlatformCapabilities.ExcludeFromCoreDumps));
        Assert.False(platform.Supports(PageAdvice.HugePages));
        Assert.True(platform.Supports(PageAdvice.WillNeed));

        using PlatformRange range = PlatformRange.Commit(platform, MiB);
        range.Bytes(0, platform.PageSize).Fill(9);
        Assert.True(platform.Prefault(range.Address, MiB).IsSuccess);
        Assert.True(platform.QueryResident(range.Address, MiB, out nuint resident).IsSuccess);
        Assert.Equal(MiB, resident);
        Assert.False(range.Bytes(0, platform.PageSize).ContainsAnyExcept((byte)9));
        Assert.True(platform.Decommit(range.Address, MiB, RangeTraits.ExcludedFromCoreDumps).IsSuccess);
    }

    [CapabilityFact(Needs.Linux)]
    public void A_decommit_that_may_not_map_gives_the_pages_back_in_place()
    {
        var binding = new PoorSystemBinding { RefusesToMapOver = true };
        var platform = new PosixPlatform(binding);
        foreach (bool locked in new[] { false, true })
        {
            using PlatformRange range = PlatformRange.Commit(platform, MiB);
            range.Bytes().Fill(1);
            if (locked)
            {
                platform.Lock(range.Address, MiB).ThrowIfRefused();
            }

            platform.Decommit(range.Address, MiB).ThrowIfRefused();
            platform.QueryResident(range.Address, MiB, out nuint resident).ThrowIfRefused();
            Assert.Equal(0u, resident);
            platform.Query(range.Address, out RegionInfo region).ThrowIfRefused();
            Assert.Equal(PageState.Reserved, region.State);
            platform.Commit(range.Address, MiB, PageProtection.ReadWrite).ThrowIfRefused();
            Assert.False(range.Bytes().ContainsAnyExcept((byte)0));
        }
    }

    [CapabilityFact(Needs.Linux)]
    public void A_decommit_that_is_refused_leaves_the_contents()
    {
        var binding = new PoorSystemBinding { RefusesToMapOver = true };
        var platform = new PosixPlatform(binding);
        using PlatformRange range = PlatformRange.Commit(platform, MiB);
        range.Bytes().Fill(1);
        binding.ProtectionsLeft = 0;
        SystemReply reply = platform.Decommit(range.Address, MiB);
        Assert.Equal(SystemOperation.Decommit, reply.Operation);
        Assert.Equal(RefusalReason.OutOfMemory, reply.Reason);
        Assert.False(range.Bytes().ContainsAnyExcept((byte)1));
        range.Bytes().Fill(2);
    }

    [CapabilityFact(Needs.Linux)]
    public void A_commit_that_is_refused_leaves_the_range_reserved()
    {
        var binding = new PoorSystemBinding();
        var platform = new PosixPlatform(binding);
        using PlatformRange range = PlatformRange.Reserve(platform, MiB);
        binding.ProtectionsLeft = 0;
        SystemReply reply = platform.Commit(range.Address, MiB, PageProtection.ReadWrite);
        Assert.Equal(RefusalReason.OutOfMemory, reply.Reason);
        platform.Query(range.Address, out RegionInfo region).ThrowIfRefused();
        Assert.Equal(PageState.Reserved, region.State);
        SystemRefusedException thrown = Assert.Throws<SystemRefusedException>(
            () => platform.Commit(range.Address, MiB, PageProtection.ReadWrite).ThrowIfRefused());
        Assert.Equal(reply, thrown.Reply);
        binding.ProtectionsLeft = 1;
        platform.Commit(range.Address, MiB, PageProtection.ReadWrite).ThrowIfRefused();
    }

    [CapabilityFact(Needs.Linux)]
    public void Without_proc_a_query_is_refused_and_not_invented()
    {
        var platform = new PosixPlatform(new PoorSystemBinding { HasNoProc = true });
        using PlatformRange range = PlatformRange.Reserve(platform, MiB);
        Assert.True(platform.Query(range.Address, out RegionInfo region).IsRefused);
        Assert.Equal(default, region);
        Assert.True(platform.CountMappings(range.Address, MiB, out nuint count).IsRefused);
        Assert.Equal(0u, count);
        Assert.True(platform.QueryProcess(out ProcessMemory memory).IsRefused);
        Assert.Equal(default, memory);
        Assert.Equal(0u, platform.MappingLimit);
    }
}
