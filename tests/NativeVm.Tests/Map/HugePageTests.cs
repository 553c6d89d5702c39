using NativeVm.Platform;
using NativeVm.Testing;
using NativeVm.Tests.Platform.Posix;
using NativeVm.Tests.Support;

namespace NativeVm.Tests.Map;

/// <summary>Huge pages, transparent and explicit, and memory nodes.</summary>
public sealed unsafe class HugePageTests
{
    private const nuint Page = TestMaps.Page;
    private const nuint Huge = 2 << 20;
    private const nuint Base = 0x4000_0000;

    private static readonly VmEntryAttributes Transparent = VmEntryAttributes.ReadWrite with { HugePages = VmHugePages.Transparent };
    private static readonly VmEntryAttributes Explicit = VmEntryAttributes.ReadWrite with { HugePages = VmHugePages.Explicit };

    [Fact]
    public void Transparent_huge_pages_are_advised_at_every_commit_and_aligned()
    {
        SimulatedPlatform platform = new();
        using VmMap map = TestMaps.Simulated(platform, Base + Page, 8192);
        Assert.Equal(VmResult.Success, map.Find((2 * Huge) + Page, Transparent, out nuint address));
        Assert.Equal((nuint)0, address % Huge);
        Assert.Equal(RangeTraits.HugePages, TraitsAt(platform, address + (2 * Huge)));
        Assert.Equal(VmHugePages.Transparent, EntryAt(map, address).HugePages);
        Assert.Equal((nuint)3, map.GetStatistics().MappingCount);

        Assert.Equal(VmResult.Success, map.Decommit(address, (2 * Huge) + Page));
        Assert.Equal(RangeTraits.None, TraitsAt(platform, address));
        Assert.Equal((nuint)1, map.GetStatistics().MappingCount);
        Assert.Equal(VmResult.Success, map.Commit(address, (2 * Huge) + Page, PageProtection.ReadWrite));
        Assert.Equal(RangeTraits.HugePages, TraitsAt(platform, address));
        Assert.Equal((nuint)1, map.GetStatistics().EntryCount);
        Assert.Equal(VmResult.Success, map.Advise(address, 2 * Huge, VmAdvice.CollapseHugePages));
        map.Validate();
        Assert.Equal(VmResult.Success, map.Remove(address, (2 * Huge) + Page));
        Assert.Equal((nuint)1, map.GetStatistics().MappingCount);
    }

    [Fact]
    public void A_preference_that_cannot_be_met_is_none()
    {
        SimulatedPlatform platform = new();
        using VmMap map = TestMaps.Simulated(platform, Base, 8192);
        Assert.Equal(VmResult.Success, map.Find(Huge - Page, Transparent, out nuint address));
        Assert.Equal(VmHugePages.None, EntryAt(map, address).HugePages);
        SimulatedPlatform without = new(SimulatedPlatformOptions.WindowsLike);
        using VmMap other = new(new VmMapOptions { ByteCount = 8 * Huge, Platform = without });
        Assert.Equal(VmResult.Success, other.Find(2 * Huge, Transparent, out address));
        Assert.Equal(VmHugePages.None, EntryAt(other, address).HugePages);
    }

    [Fact]
    public void Pieces_of_a_huge_page_are_given_back_only_when_the_caller_says_so()
    {
        SimulatedPlatform platform = new();
        using VmMap map = TestMaps.Simulated(platform, Base, 8192);
        Assert.Equal(VmResult.Success, map.Find((3 * Huge) + (4 * Page), Transparent, out nuint address));
        platform.Touch(address, 3 * Huge);
        foreach ((nuint start, nuint byteCount) in ((nuint, nuint)[])[(address, Page), (address + Page, Huge - Page), (address + Page, 2 * Huge), (address + Huge, Huge + Page)])
        {
            Assert.Equal(VmResult.InvalidArgument, map.Decommit(start, byteCount));
            Assert.Equal(VmResult.InvalidArgument, map.Advise(start, byteCount, VmAdvice.DontNeed));
            Assert.Equal(VmResult.InvalidArgument, map.Advise(start, byteCount, VmAdvice.Free));
            Assert.True(platform.IsDirty(start, byteCount));
        }

        Assert.Equal(VmResult.Success, map.Advise(address + Huge, Huge, VmAdvice.DontNeed));
        Assert.Equal(VmResult.Success, map.Advise(address, Page, VmAdvice.DontNeed, GiveBackFlags.SplitHugePages));

        // What follows the last whole huge page is in no huge page.
        Assert.Equal(VmResult.Success, map.Decommit(address + (3 * Huge) + Page, Page));
        Assert.Equal(VmResult.Success, map.Decommit(address + Huge, Huge));
        Assert.Equal(VmResult.Success, map.Decommit(address + Page, Page, GiveBackFlags.SplitHugePages));
        Assert.Throws<ArgumentOutOfRangeException>("flags", () => map.Decommit(address, Page, (GiveBackFlags)2));
        Assert.Throws<ArgumentOutOfRangeException>("flags", () => map.Advise(address, Page, VmAdvice.Free, (GiveBackFlags)2));
        map.Validate();
    }

    [Fact]
    public void Explicit_huge_pages_come_from_the_stock_and_are_never_cut()
    {
        SimulatedPlatform platform = new(SimulatedPlatformOptions.PosixLike with
        {
            HugePagePoolByteCount = 4 * Huge,
            Capabilities = SimulatedPlatformOptions.PosixLike.Capabilities | PlatformCapabilities.ExplicitHugePages,
        });
        using VmMap map = TestMaps.Simulated(platform, Base + Page, 8192);
        Assert.Equal(VmResult.Success, map.Find(2 * Huge, Explicit, out nuint address));
        Assert.Equal((nuint)0, address % Huge);
        Assert.True(RangeAt(platform, address).IsHuge);
        Assert.Equal(VmHugePages.Explicit, EntryAt(map, address).HugePages);
        platform.Touch(address, 2 * Huge);
        Assert.Equal(VmResult.InvalidArgument, map.Protect(address, Page, PageProtection.Read));
        Assert.Equal(VmResult.InvalidArgument, map.Decommit(address + Page, Huge - Page));
        Assert.Equal(VmResult.InvalidArgument, map.Decommit(address + Page, Huge - Page, GiveBackFlags.SplitHugePages));
        Assert.Equal(VmResult.InvalidArgument, map.Remove(address + Huge, Page));
        Assert.Equal(VmResult.InvalidArgument, map.Wire(address + Page, Page));
        Assert.Equal(VmResult.InvalidArgument, map.Guard(address, Huge));
        Assert.Equal(VmResult.Success, map.Protect(address, Huge, PageProtection.Read));
        Assert.Equal(VmResult.Success, map.Remove(address, Huge));
        Assert.Equal(VmResult.Success, map.Decommit(address + Huge, Huge));
        Assert.Equal(VmHugePages.None, EntryAt(map, address + Huge).HugePages);
        Assert.Equal((nuint)1, map.GetStatistics().MappingCount);

        string before = platform.ToString();
        VmResult refused = map.Find(6 * Huge, Explicit, out nuint none);
        Assert.Equal(RefusalReason.NoHugePages, refused.Refusal.Reason);
        Assert.Contains("vm.nr_hugepages", refused.ToString(), StringComparison.Ordinal);
        Assert.Equal((nuint)0, none);
        Assert.Equal(before, platform.ToString());
        Assert.Throws<ArgumentException>("attributes", () => map.Find(Huge + Page, Explicit, out _));
        Assert.Throws<ArgumentException>("attributes", () => map.FindFixed(Base + Page, Huge, Explicit));
        Assert.Throws<ArgumentException>("attributes", () => map.Find(Huge, VmEntryAttributes.Reserved with { HugePages = VmHugePages.Explicit }, out _));
        Assert.Throws<ArgumentException>("attributes", () => map.Find(Huge, VmEntryAttributes.ReadWrite with { HugePages = (VmHugePages)9 }, out _));
        map.Validate();
    }

    [Fact]
    public void Explicit_huge_pages_on_this_system_are_there_or_the_refusal_says_what_to_do()
    {
        using VmMap map = TestMaps.Real(16 << 20);
        nuint huge = Math.Max(map.Platform.HugePageSize, map.PageSize);
        VmResult result = map.Find(huge, Explicit, out nuint address);
        if (result.IsSuccess)
        {
            *(byte*)address = 1;
            Assert.Equal(VmResult.Success, map.Remove(address, huge));
        }
        else
        {
            Assert.Contains(result.Refusal.Reason, (RefusalReason[])[RefusalReason.NoHugePages, RefusalReason.NotSupported, RefusalReason.AccessDenied]);
            Assert.Contains(
                result.Refusal.Reason == RefusalReason.NoHugePages ? "vm.nr_hugepages" : "Lock pages in memory",
                result.ToString(),
                StringComparison.Ordinal);
        }

        Assert.Equal((nuint)1, map.GetStatistics().MappingCount);
        map.Validate();
    }

    [CapabilityFact(Needs.HugePages | Needs.Smaps)]
    public void Transparent_huge_pages_on_this_system_carry_the_advice_and_go_without_a_trace()
    {
        using VmMap map = TestMaps.Real(32 << 20);
        Assert.Equal(VmResult.Success, map.Find(3 * Huge, Transparent, out nuint address));
        Assert.Equal((nuint)0, address % Huge);
        new Span<byte>((void*)address, (int)(3 * Huge)).Fill(1);
        SmapsEntry mapping = SmapsEntry.At(address);
        Assert.True(mapping.Has("hg"));
        Assert.Equal((address, 3 * Huge), (mapping.Address, mapping.ByteCount));
        Assert.Equal(VmResult.Success, map.Decommit(address + Huge, Huge));
        Assert.Equal(Huge, SmapsEntry.At(address).ResidentByteCount);
        Assert.Equal(VmResult.Success, map.Commit(address + Huge, Huge, PageProtection.ReadWrite));
        Assert.Equal(0, *(byte*)(address + Huge));
        VmResult collapse = map.Advise(address, 3 * Huge, VmAdvice.CollapseHugePages);
        Assert.True(collapse.IsSuccess || collapse.Refusal.IsRefused);
        Assert.Equal(1, *(byte*)(address + (2 * Huge)));
        Assert.Equal(VmResult.Success, map.Remove(address, 3 * Huge));
        Assert.Equal((nuint)1, map.GetStatistics().MappingCount);
        map.Validate();
    }

    [Fact]
    public void A_preferred_node_belongs_to_the_entry_and_is_told_again_at_a_commit()
    {
        SimulatedPlatform platform = new(SimulatedPlatformOptions.PosixLike with { NumaNodeCount = 40 });
        using VmMap map = TestMaps.Simulated(platform, Base, 64);
        Assert.Equal(VmResult.Success, map.FindFixed(Base, 8 * Page, VmEntryAttributes.ReadWrite));
        Assert.Equal(VmResult.Success, map.SetPreferredNode(Base + (2 * Page), 2 * Page, 37));
        Assert.Equal(37, RangeAt(platform, Base + (2 * Page)).PreferredNode);
        Assert.Equal(37, EntryAt(map, Base + (3 * Page)).PreferredNode);
        Assert.Equal(VmPlatform.AnyNode, EntryAt(map, Base).PreferredNode);
        Assert.Equal(VmResult.Success, map.Decommit(Base, 8 * Page));
        Assert.Equal((nuint)1, map.GetStatistics().MappingCount);
        Assert.Equal(VmResult.Success, map.Commit(Base, 8 * Page, PageProtection.ReadWrite));
        Assert.Equal(37, RangeAt(platform, Base + (2 * Page)).PreferredNode);
        Assert.Equal(VmPlatform.AnyNode, RangeAt(platform, Base).PreferredNode);
        Assert.Equal(VmResult.Success, map.SetPreferredNode(0, nuint.MaxValue, VmPlatform.AnyNode));
        Assert.Equal((nuint)1, map.GetStatistics().EntryCount);
        Assert.Throws<ArgumentOutOfRangeException>("node", () => map.SetPreferredNode(Base, Page, 40));
        Assert.Throws<ArgumentOutOfRangeException>("node", () => map.SetPreferredNode(Base, Page, -2));
        map.Validate();
    }

    [Fact]
    public void On_this_system_a_preferred_node_is_kept_or_refused_and_with_one_node_it_is_nothing()
    {
        using VmMap map = TestMaps.Real(1 << 20);
        Assert.Equal(VmResult.Success, map.Find(4 * map.PageSize, VmEntryAttributes.ReadWrite, out nuint address));
        VmResult result = map.SetPreferredNode(address, map.PageSize, 0);
        bool isOne = map.Platform.NumaNodeCount == 1;
        Assert.True(isOne ? result.IsSuccess && map.GetStatistics().EntryCount == 1 : result.IsSuccess || result.Refusal.IsRefused);

        SimulatedPlatform platform = new();
        using VmMap simulated = TestMaps.Simulated(platform, Base, 64);
        Assert.Equal(VmResult.Success, simulated.FindFixed(Base, 4 * Page, VmEntryAttributes.ReadWrite));
        long calls = platform.SystemCallCount;
        Assert.Equal(VmResult.Success, simulated.SetPreferredNode(Base, Page, 0));
        Assert.Equal(calls, platform.SystemCallCount);
    }

    private static VmEntryAttributes EntryAt(VmMap map, nuint address)
    {
        using VmMapLockScope scope = map.EnterReadLock();
        Assert.True(map.TryLookup(address, out VmEntry entry));
        return entry.Attributes;
    }

    private static SimulatedRange RangeAt(SimulatedPlatform platform, nuint address) =>
        platform.Snapshot().Single(range => range.Address <= address && address < range.End);

    private static RangeTraits TraitsAt(SimulatedPlatform platform, nuint address) => RangeAt(platform, address).Traits;
}
