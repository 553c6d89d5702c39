using NativeVm.Platform;
using NativeVm.Testing;

namespace NativeVm.Tests.Map;

public sealed class GrowthTests
{
    private const nuint Page = TestMaps.Page;
    private const nuint Base = 0x4000_0000;
    private const nuint MiB = 1 << 20;

    [Fact]
    public void A_map_grows_only_when_the_first_fit_lies_beyond_what_is_reserved()
    {
        SimulatedPlatform platform = new();
        using VmMap map = TestMaps.Simulated(platform, Base, 16, 100_000);
        using VmMapLockScope scope = map.EnterWriteLock();
        nuint before = map.ReservedEnd;
        Assert.True(map.TryFindSpace(0, 16 * Page, 1, FindSpaceFlags.None, out _));
        Assert.Equal(before, map.ReservedEnd);
        Assert.True(map.TryFindSpace(0, 17 * Page, 1, FindSpaceFlags.None, out nuint address));
        Assert.Equal(Base, address);
        Assert.True(map.ReservedEnd >= before + (2 * MiB));
        Assert.Equal(platform.ReservedByteCount, map.ReservedEnd - map.MinAddress);
        map.Validate();
    }

    [Fact]
    public void A_map_that_is_not_growable_never_reserves_more()
    {
        SimulatedPlatform platform = new();
        using VmMap map = TestMaps.Simulated(platform, Base, 16);
        using VmMapLockScope scope = map.EnterWriteLock();
        Assert.False(map.TryFindSpace(0, 17 * Page, 1, FindSpaceFlags.None, out _));
        Assert.Equal(map.MaxAddress, map.ReservedEnd);
        Assert.Equal(1, platform.ReservationCount);
    }

    [Fact]
    public void From_64_MiB_to_1_TiB_takes_as_many_calls_as_doublings()
    {
        SimulatedPlatform platform = new();
        using VmMap map = new(new VmMapOptions
        {
            ByteCount = 64 * MiB,
            MaxByteCount = (nuint)1 << 40,
            IsGrowable = true,
            Platform = platform,
        });
        long before = platform.SystemCallCount;
        int growths = 0;
        while (map.Find(64 * MiB, TestMaps.Tagged((ulong)growths), out _).IsSuccess)
        {
            growths++;
        }

        Assert.Equal(1 << 14, growths);
        Assert.Equal(map.MaxAddress, map.ReservedEnd);
        Assert.InRange(platform.SystemCallCount - before, 1, 16);
    }

    [Fact]
    public void What_somebody_else_mapped_becomes_a_foreign_entry_and_the_search_goes_on_above()
    {
        SimulatedPlatform platform = new();
        using VmMap map = TestMaps.Simulated(platform, Base, 16, 4096);
        platform.PlaceForeign(Base + (20 * Page), 3 * Page);
        platform.PlaceForeign(Base + (23 * Page), 2 * Page);
        using VmMapLockScope scope = map.EnterWriteLock();
        Assert.True(map.TryFindSpace(0, 30 * Page, 1, FindSpaceFlags.None, out nuint address));
        Assert.Equal(Base + (25 * Page), address);
        Assert.True(map.TryLookup(Base + (24 * Page), out VmEntry foreign));
        Assert.Equal(VmEntryKind.Foreign, foreign.Attributes.Kind);
        Assert.Equal(Base + (20 * Page), foreign.Start);
        Assert.True(map.TryFindSpace(0, 20 * Page, 1, FindSpaceFlags.None, out address));
        Assert.Equal(Base, address);

        // The map never touches it, whatever is removed around it.
        Assert.Equal(VmResult.Success, map.Insert(Base + (16 * Page), 4 * Page, VmEntryAttributes.ReadWrite));
        Assert.Equal(VmResult.Success, map.Insert(Base + (25 * Page), 4 * Page, VmEntryAttributes.ReadWrite));
        Assert.Equal(VmResult.NoSpace, map.Insert(Base + (22 * Page), Page, VmEntryAttributes.ReadWrite));
        Assert.Equal(VmResult.Success, map.Delete(Base, map.ReservedEnd - Base));
        Assert.True(map.TryLookup(Base + (24 * Page), out _));
        Assert.Equal((nuint)1, map.GetStatistics().EntryCount);
        Assert.Equal(5 * Page, platform.ForeignByteCount);
        map.Validate();
    }

    [Fact]
    public void An_attempt_that_meets_a_foreign_mapping_and_then_finds_nothing_leaves_no_trace()
    {
        SimulatedPlatform platform = new();
        using VmMap map = TestMaps.Simulated(platform, Base, 16, 64);
        platform.PlaceForeign(Base + (40 * Page), Page);
        using VmMapLockScope scope = map.EnterWriteLock();
        Assert.False(map.TryFindSpace(0, 50 * Page, 1, FindSpaceFlags.None, out _));
        Assert.Equal(Base + (16 * Page), map.ReservedEnd);
        Assert.Equal((nuint)0, map.GetStatistics().EntryCount);
        Assert.Equal(1, platform.ReservationCount);
        Assert.Equal(16 * Page, platform.ReservedByteCount);
    }

    [Fact]
    public void Where_a_limit_forbids_the_generous_step_the_needed_one_is_taken()
    {
        SimulatedPlatform platform = new(SimulatedPlatformOptions.PosixLike with { AddressSpaceLimitByteCount = 48 * MiB });
        using VmMap map = new(new VmMapOptions
        {
            ByteCount = 32 * MiB,
            MaxByteCount = 1024 * MiB,
            IsGrowable = true,
            Platform = platform,
        });
        Assert.Equal(VmResult.Success, map.Find(40 * MiB, TestMaps.Tagged(1), out _));
        VmResult result = map.Find(16 * MiB, TestMaps.Tagged(2), out nuint address);
        Assert.Equal(VmResult.ResourceShortage, result);
        Assert.Equal(RefusalReason.AddressSpaceLimit, result.Refusal.Reason);
        Assert.Contains("ulimit -v", result.ToString(), StringComparison.Ordinal);
        Assert.Equal((nuint)0, address);
        map.Validate();
    }

    [Fact]
    public void An_insert_beyond_what_is_reserved_grows_the_map_there_or_finds_it_taken()
    {
        SimulatedPlatform platform = new();
        using VmMap map = TestMaps.Simulated(platform, Base, 16, 64);
        platform.PlaceForeign(Base + (60 * Page), Page);
        using VmMapLockScope scope = map.EnterWriteLock();
        Assert.Equal(VmResult.NoSpace, map.Insert(Base + (58 * Page), 4 * Page, VmEntryAttributes.ReadWrite));
        Assert.Equal(Base + (16 * Page), map.ReservedEnd);
        Assert.Equal(VmResult.Success, map.Insert(Base + (62 * Page), 2 * Page, VmEntryAttributes.ReadWrite));
        Assert.Equal(map.MaxAddress, map.ReservedEnd);
        Assert.Equal(2 * Page, platform.CommittedByteCount);
        map.Validate();
    }

    [Fact]
    public void A_growable_map_begins_where_it_can_grow_in_place()
    {
        using VmMap map = TestMaps.Real(4 * MiB, 256 * MiB);
        Assert.Equal(VmResult.Success, map.Find(200 * MiB, VmEntryAttributes.Reserved, out nuint address));
        Assert.Equal(map.MinAddress, address);
        Assert.Equal((nuint)1, map.GetStatistics().EntryCount);
        map.Validate();
    }

    [Fact]
    public void A_map_with_no_room_above_it_still_grows()
    {
        VmPlatform system = VmPlatform.Current;
        nuint granule = system.AllocationGranularity;
        Assert.True(system.Reserve(16 * MiB, Placement.Anywhere, out nuint place).IsSuccess);
        Assert.True(system.Release(place, 16 * MiB).IsSuccess);
        using VmMap map = new(new VmMapOptions
        {
            ByteCount = MiB,
            MaxByteCount = 16 * MiB,
            IsGrowable = true,
            Placement = Placement.At(place),
        });
        Assert.True(system.Reserve(granule, Placement.At(place + (2 * MiB)), out nuint foreign).IsSuccess);
        try
        {
            Assert.Equal(VmResult.Success, map.Find(8 * MiB, VmEntryAttributes.ReadWrite, out nuint address));
            Assert.True(address >= foreign + granule);
            using (map.EnterReadLock())
            {
                Assert.True(map.TryLookup(foreign, out VmEntry entry));
                Assert.Equal(VmEntryKind.Foreign, entry.Attributes.Kind);
            }

            map.Validate();
        }
        finally
        {
            Assert.True(system.Release(foreign, granule).IsSuccess);
        }
    }
}
