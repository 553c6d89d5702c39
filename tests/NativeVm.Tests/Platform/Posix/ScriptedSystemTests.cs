using NativeVm.Platform;
using NativeVm.Platform.Posix;
using NativeVm.Tests.Support;

namespace NativeVm.Tests.Platform.Posix;

/// <summary>What the platform does on systems that this one is not.</summary>
public sealed class ScriptedSystemTests
{
    private static readonly nuint GiB = 1 << 30;

    [CapabilityFact(Needs.Linux)]
    public void Without_guard_regions_a_guard_is_a_protection()
    {
        VmPlatform platform = new PosixPlatform(new ScriptedBinding { LacksGuards = true });
        nuint page = platform.PageSize;
        Assert.False(platform.Supports(PlatformCapabilities.GuardRegions));
        using PlatformRange range = PlatformRange.Commit(platform, 8 * page, Placement.Aligned(GiB));
        range.Bytes().Fill(1);
        platform.InstallGuard(range.Address + (2 * page), page).ThrowIfRefused();
        platform.Query(range.Address + (2 * page), out RegionInfo guard).ThrowIfRefused();
        Assert.Equal(new RegionInfo(range.Address + (2 * page), page, PageState.Reserved, PageProtection.None), guard);
        platform.QueryResident(range.Address, 8 * page, out nuint resident).ThrowIfRefused();
        Assert.Equal(7 * page, resident);
        platform.RemoveGuard(range.Address + (2 * page), page, PageProtection.ReadWrite).ThrowIfRefused();
        platform.CountMappings(range.Address, range.ByteCount, out nuint count).ThrowIfRefused();
        Assert.Equal(1u, count);
        Assert.False(range.Bytes(2 * page, page).ContainsAnyExcept((byte)0));
        Assert.False(range.Bytes(3 * page, 5 * page).ContainsAnyExcept((byte)1));
    }

    [CapabilityFact(Needs.Linux)]
    public void Huge_pages_are_moved_into_place_in_one_step()
    {
        VmPlatform platform = new PosixPlatform(new ScriptedBinding { HasHugePages = true });
        nuint huge = platform.HugePageSize;
        Assert.True(platform.Supports(PlatformCapabilities.ExplicitHugePages));
        using PlatformRange range = PlatformRange.Commit(platform, 4 * huge, Placement.Aligned(GiB));
        range.Bytes(0, 1)[0] = 1;
        range.Bytes(huge, 1)[0] = 1;
        platform.CommitHugePages(range.Address + huge, 2 * huge, PageProtection.Read).ThrowIfRefused();
        platform.Query(range.Address + huge, out RegionInfo region).ThrowIfRefused();
        Assert.Equal(new RegionInfo(range.Address + huge, 2 * huge, PageState.Committed, PageProtection.Read), region);
        Assert.Equal(0, range.Bytes(huge, 1)[0]);
        Assert.Equal(1, range.Bytes(0, 1)[0]);
        platform.Decommit(range.Address, 4 * huge).ThrowIfRefused();
        platform.CountMappings(range.Address, range.ByteCount, out nuint count).ThrowIfRefused();
        Assert.Equal(1u, count);
    }

    [CapabilityFact(Needs.Linux)]
    public void A_move_that_fails_after_it_has_unmapped_its_target_leaves_no_hole()
    {
        VmPlatform platform = new PosixPlatform(new ScriptedBinding { HasHugePages = true, LosesMoves = true });
        nuint huge = platform.HugePageSize;
        platform.QueryProcess(out _).ThrowIfRefused();
        using PlatformRange range = PlatformRange.Reserve(platform, 4 * huge, Placement.Aligned(GiB));
        SystemReply reply = platform.CommitHugePages(range.Address + huge, huge, PageProtection.ReadWrite);
        Assert.Equal(RefusalReason.NotSupported, reply.Reason);
        Assert.Equal(SystemOperation.CommitHugePages, reply.Operation);
        Assert.Equal(range.Address + huge, reply.Address);
        platform.CountMappings(range.Address, range.ByteCount, out nuint count).ThrowIfRefused();
        Assert.Equal(1u, count);
        platform.Query(range.Address + huge, out RegionInfo region).ThrowIfRefused();
        Assert.Equal(PageState.Reserved, region.State);
    }

    [CapabilityTheory(Needs.Linux)]
    [InlineData("0", 1)]
    [InlineData("0-1", 2)]
    [InlineData("0-3,6", 7)]
    [InlineData("0,2-11", 12)]
    [InlineData("", 1)]
    [InlineData("none", 1)]
    public void The_nodes_are_counted_up_to_the_highest(string list, int count)
    {
        VmPlatform platform = new PosixPlatform(new ScriptedBinding { NodeList = list });
        Assert.Equal(count, platform.NumaNodeCount);
    }

    [CapabilityFact(Needs.Linux)]
    public void A_preferred_node_is_the_mappings_policy()
    {
        // The first node is on every machine. That the second is not there makes the probe fail, so the binding is
        // asked itself.
        ScriptedBinding binding = new();
        VmPlatform platform = new PosixPlatform(binding);
        if (!platform.Supports(PlatformCapabilities.PreferredNode))
        {
            return;
        }

        using PlatformRange range = PlatformRange.Commit(platform, 4 * platform.PageSize, Placement.Aligned(GiB));
        Assert.Equal(0, binding.Prefer(range.Address, range.ByteCount, 0));
        Assert.Contains("prefer", PolicyOf(range.Address), StringComparison.Ordinal);
        Assert.Equal(0, binding.Prefer(range.Address, range.ByteCount, VmPlatform.AnyNode));
        Assert.DoesNotContain("prefer", PolicyOf(range.Address), StringComparison.Ordinal);
        Assert.NotEqual(0, binding.Prefer(range.Address, range.ByteCount, 5000));
    }

    [CapabilityFact(Needs.Linux)]
    public void A_node_that_cannot_be_preferred_is_refused()
    {
        VmPlatform platform = new PosixPlatform(new ScriptedBinding { NodeList = "0-900" });
        using PlatformRange range = PlatformRange.Commit(platform, platform.PageSize);
        SystemReply reply = platform.SetPreferredNode(range.Address, platform.PageSize, 900);
        Assert.Equal(RefusalReason.NotSupported, reply.Reason);
        Assert.Equal(SystemOperation.SetPreferredNode, reply.Operation);
    }

    private static string PolicyOf(nuint address)
    {
        string start = address.ToString("x", System.Globalization.CultureInfo.InvariantCulture);
        return File.ReadLines("/proc/self/numa_maps")
            .Single(line => line.Split(' ')[0].TrimStart('0') == start);
    }
}
