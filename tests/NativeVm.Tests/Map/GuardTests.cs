using NativeVm.Platform;
using NativeVm.Testing;

namespace NativeVm.Tests.Map;

/// <summary>Guards, where the system has regions for them and where they are protections.</summary>
public sealed class GuardTests
{
    private const nuint Page = TestMaps.Page;
    private const nuint Base = 0x4000_0000;

    public static TheoryData<bool> Kinds => [true, false];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_guard_faults_until_it_is_removed_and_the_pages_are_then_what_they_were(bool hasRegions)
    {
        SimulatedPlatform platform = Make(hasRegions);
        using VmMap map = TestMaps.Simulated(platform, Base, 64);
        Assert.Equal(VmResult.Success, map.FindFixed(Base, 8 * Page, VmEntryAttributes.ReadWrite with { Tag = 5 }));
        platform.Touch(Base, 8 * Page);
        Assert.Equal(VmResult.Success, map.Guard(Base + (2 * Page), 2 * Page));
        Assert.Equal(VmResult.Success, map.Guard(Base + (3 * Page), 2 * Page));
        Assert.Equal((nuint)3, map.GetStatistics().EntryCount);
        Assert.Equal(hasRegions ? 1u : 3u, MappingsAt(map) - 1);
        Assert.Throws<UnlawfulUseException>(() => platform.Touch(Base + (4 * Page), 1, PageProtection.Read));
        platform.Touch(Base, 2 * Page);
        platform.Touch(Base + (5 * Page), 3 * Page);
        Assert.False(map.CheckProtection(Base, 8 * Page, PageProtection.Read));
        Assert.True(map.CheckProtection(Base, 8 * Page, PageProtection.None));
        Assert.Equal(platform.CommittedByteCount, map.GetStatistics().CommittedByteCount);
        map.Validate();

        Assert.Equal(VmResult.Success, map.Unguard(Base, 64 * Page));
        Assert.Equal((nuint)1, map.GetStatistics().EntryCount);
        platform.Touch(Base, 8 * Page);
        map.Validate();
        Assert.Equal(VmResult.Success, map.Remove(Base, 8 * Page));
        Assert.Equal((nuint)1, map.GetStatistics().MappingCount);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Protect_commit_decommit_wire_and_advise_agree_with_guards(bool hasRegions)
    {
        SimulatedPlatform platform = Make(hasRegions);
        using VmMap map = TestMaps.Simulated(platform, Base, 64);
        Assert.Equal(VmResult.Success, map.FindFixed(Base, 8 * Page, VmEntryAttributes.ReadWrite));
        Assert.Equal(VmResult.Success, map.Guard(Base + (2 * Page), Page));
        Assert.Equal(VmResult.InvalidArgument, map.Wire(Base, 8 * Page));
        Assert.Equal(VmResult.Success, map.Protect(Base, 8 * Page, PageProtection.Read));
        Assert.Equal(PageProtection.Read, EntryAt(map, Base + (2 * Page)).Protection);
        Assert.Throws<UnlawfulUseException>(() => platform.Touch(Base + (2 * Page), 1, PageProtection.Read));
        Assert.Equal(VmResult.Success, map.ProtectMaximum(Base, 8 * Page, PageProtection.Read));
        Assert.Equal(PageProtection.Read, EntryAt(map, Base + (2 * Page)).MaxProtection);
        foreach (VmAdvice advice in Enum.GetValues<VmAdvice>())
        {
            Assert.Equal(VmResult.Success, map.Advise(Base, 8 * Page, advice));
        }

        Assert.Equal(VmResult.Success, map.Inherit(Base, 8 * Page, PageInheritance.None));
        Assert.Equal(VmResult.Success, map.Inherit(Base, 8 * Page, PageInheritance.Copy));
        Assert.Equal(VmResult.Success, map.Commit(Base, 8 * Page, PageProtection.Read));
        Assert.Equal(VmEntryKind.Guard, EntryAt(map, Base + (2 * Page)).Kind);

        Assert.Equal(VmResult.Success, map.Decommit(Base, 8 * Page));
        Assert.Equal((nuint)0, platform.CommittedByteCount);
        Assert.Equal(VmEntryKind.Guard, EntryAt(map, Base + (2 * Page)).Kind);
        Assert.Equal(VmResult.Success, map.Commit(Base, 8 * Page, PageProtection.Read));
        Assert.Equal(7 * Page, platform.CommittedByteCount);
        Assert.Throws<UnlawfulUseException>(() => platform.Touch(Base + (2 * Page), 1, PageProtection.Read));
        map.Validate();
        Assert.Equal(VmResult.Success, map.Unguard(Base + (2 * Page), Page));
        Assert.Equal(VmEntryKind.Normal, EntryAt(map, Base + (2 * Page)).Kind);
        Assert.Equal(VmResult.Success, map.Commit(Base, 8 * Page, PageProtection.Read));
        Assert.Equal((nuint)1, map.GetStatistics().EntryCount);
        map.Validate();
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Guards_found_with_an_entry_go_with_it_and_with_the_end_that_they_stand_at(bool hasRegions)
    {
        SimulatedPlatform platform = Make(hasRegions);
        using VmMap map = TestMaps.Simulated(platform, Base, 64);
        SpaceRequest request = new(3 * Page) { GuardBefore = Page, GuardAfter = 1 };
        Assert.Equal(VmResult.Success, map.Find(request, VmEntryAttributes.ReadWrite, out nuint first));
        Assert.Equal(VmResult.Success, map.Find(request, VmEntryAttributes.ReadWrite, out nuint second));
        Assert.Equal((Base + Page, Base + (6 * Page)), (first, second));
        Assert.Equal((nuint)6, map.GetStatistics().EntryCount);
        Assert.Equal(platform.CommittedByteCount, map.GetStatistics().CommittedByteCount);
        platform.Touch(first, 3 * Page);
        platform.Touch(second, 3 * Page);
        foreach (nuint guard in (nuint[])[first - Page, first + (3 * Page), second - Page, second + (3 * Page)])
        {
            Assert.Throws<UnlawfulUseException>(() => platform.Touch(guard, 1, PageProtection.Read));
        }

        Assert.Equal(VmResult.Success, map.Remove(first, 3 * Page));
        Assert.Equal((nuint)3, map.GetStatistics().EntryCount);
        Assert.Equal(5 * Page, map.GetStatistics().MappedByteCount);
        platform.Touch(second, 3 * Page);
        map.Validate();

        Assert.Equal(VmResult.Success, map.Remove(second, Page));
        Assert.Equal((nuint)2, map.GetStatistics().EntryCount);
        Assert.Equal(VmResult.Success, map.Remove(second + (2 * Page), Page));
        Assert.Equal(Page, map.GetStatistics().MappedByteCount);
        Assert.Equal(VmResult.Success, map.Remove(second + Page, Page));
        Assert.Equal((nuint)0, platform.CommittedByteCount);
        Assert.Equal((nuint)1, map.GetStatistics().MappingCount);
        map.Validate();
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Guards_of_what_has_no_memory_take_none_and_ask_the_system_nothing(bool hasRegions)
    {
        SimulatedPlatform platform = Make(hasRegions);
        using VmMap map = TestMaps.Simulated(platform, Base, 64);
        long calls = platform.SystemCallCount;
        SpaceRequest request = new(3 * Page) { GuardBefore = Page, GuardAfter = Page };
        Assert.Equal(VmResult.Success, map.Find(request, VmEntryAttributes.Reserved, out nuint address));
        Assert.Equal(VmResult.Success, map.Guard(address, Page));
        Assert.Equal(calls, platform.SystemCallCount);
        Assert.Equal(VmResult.Success, map.Commit(address, 3 * Page, PageProtection.ReadWrite));
        Assert.Equal(2 * Page, platform.CommittedByteCount);
        map.Validate();
    }

    [Fact]
    public void Constraints_are_those_of_the_entry_and_the_guards_are_free_space_too()
    {
        SimulatedPlatform platform = Make(hasRegions: true);
        using VmMap map = TestMaps.Simulated(platform, Base, 64);
        SpaceRequest request = new(2 * Page) { GuardBefore = 3 * Page, GuardAfter = Page, Alignment = 8 * Page, Phase = 2 * Page };
        Assert.Equal(VmResult.Success, map.Find(request, VmEntryAttributes.ReadWrite, out nuint address));
        Assert.Equal(Base + (10 * Page), address);
        Assert.Equal(VmResult.NoSpace, map.Find(new SpaceRequest(60 * Page) { GuardBefore = 5 * Page }, VmEntryAttributes.ReadWrite, out _));
        Assert.Equal(VmResult.NoSpace, map.Find(new SpaceRequest(Page) { GuardBefore = nuint.MaxValue }, VmEntryAttributes.ReadWrite, out _));
        Assert.Throws<ArgumentException>("request", () => map.Find(
            new SpaceRequest(Page) { GuardBefore = Page },
            VmEntryAttributes.ReadWrite with { Kind = VmEntryKind.Stack, GrowthReserve = Page },
            out _));
        using (map.EnterWriteLock())
        {
            Assert.True(map.TryFindSpace(request, out address));
            Assert.Equal(Base + (18 * Page), address);
        }
    }

    [Fact]
    public void Holes_objects_wired_pages_and_the_foot_of_a_stack_take_no_guard()
    {
        SimulatedPlatform platform = Make(hasRegions: true);
        using VmMap map = TestMaps.Simulated(platform, Base, 64);
        Assert.Equal(VmResult.InvalidAddress, map.Guard(Base, Page));
        Assert.Equal(VmResult.InvalidAddress, map.Guard(map.MaxAddress, Page));
        Assert.Equal(VmResult.InvalidAddress, map.Guard(Base, nuint.MaxValue));
        Assert.Equal(VmResult.Success, map.Guard(Base, 0));
        Assert.Throws<ArgumentException>("start", () => map.Guard(Base + 1, Page));
        Assert.Equal(VmResult.Success, map.FindFixed(Base, 4 * Page, VmEntryAttributes.ReadWrite));
        Assert.Equal(VmResult.Success, map.Wire(Base + Page, Page));
        Assert.Equal(VmResult.InvalidArgument, map.Guard(Base, 4 * Page));
        Assert.Equal(VmResult.InvalidAddress, map.Guard(Base + (2 * Page), 4 * Page));
        Assert.Equal(VmResult.Success, map.Unguard(0, nuint.MaxValue));
        Assert.Equal(VmResult.Success, map.CreateSubmapAt(Base + (8 * Page), 4 * Page, out VmMap submap));
        Assert.Equal(VmResult.InvalidArgument, map.Guard(Base + (8 * Page), Page));
        Assert.Equal(VmResult.InvalidArgument, map.Unguard(Base + (8 * Page), Page));
        submap.Dispose();

        Assert.Equal(VmResult.Success, map.FindStack(8 * Page, 4 * Page, Page, 1, out nuint top));
        Assert.Equal(VmResult.InvalidArgument, map.Guard(top - (4 * Page), Page));
        Assert.Equal(VmResult.Success, map.Guard(top - Page, Page));
        Assert.Equal(VmResult.Success, map.GrowStack(top - (6 * Page)));
        Assert.Equal(VmResult.Success, map.Unguard(top - Page, Page));
        Assert.Equal(VmEntryKind.Stack, EntryAt(map, top - Page).Kind);
        map.Validate();
    }

    private static SimulatedPlatform Make(bool hasRegions)
    {
        SimulatedPlatformOptions options = SimulatedPlatformOptions.PosixLike;
        return new(hasRegions ? options : options with { Capabilities = options.Capabilities & ~PlatformCapabilities.GuardRegions });
    }

    private static nuint MappingsAt(VmMap map) => map.GetStatistics().MappingCount;

    private static VmEntryAttributes EntryAt(VmMap map, nuint address)
    {
        using VmMapLockScope scope = map.EnterReadLock();
        Assert.True(map.TryLookup(address, out VmEntry entry));
        return entry.Attributes;
    }
}
