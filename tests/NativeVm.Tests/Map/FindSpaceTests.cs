using NativeVm.Platform;
using NativeVm.Testing;

namespace NativeVm.Tests.Map;

/// <summary>The contract's section "Find space", point by point.</summary>
public sealed class FindSpaceTests
{
    private const nuint Page = TestMaps.Page;
    private const nuint Base = 0x4000_0000;

    [Fact]
    public void A_search_without_the_exclusive_lock_is_misuse()
    {
        using VmMap map = TestMaps.Simulated(new SimulatedPlatform(), Base, 16);
        Assert.Throws<SynchronizationLockException>(() => map.TryFindSpace(0, Page, 1, FindSpaceFlags.None, out _));
        using VmMapLockScope shared = map.EnterReadLock();
        Assert.Throws<SynchronizationLockException>(() => map.TryFindSpace(0, Page, 1, FindSpaceFlags.None, out _));
    }

    [Fact]
    public void A_length_or_an_alignment_of_zero_or_an_unknown_flag_is_misuse()
    {
        using VmMap map = TestMaps.Simulated(new SimulatedPlatform(), Base, 16);
        using VmMapLockScope scope = map.EnterWriteLock();
        Assert.Throws<ArgumentOutOfRangeException>("length", () => map.TryFindSpace(0, 0, 1, FindSpaceFlags.None, out _));
        Assert.Throws<ArgumentOutOfRangeException>("alignment", () => map.TryFindSpace(0, 1, 0, FindSpaceFlags.None, out _));
        Assert.Throws<ArgumentOutOfRangeException>("flags", () => map.TryFindSpace(0, 1, 1, (FindSpaceFlags)8, out _));
    }

    [Fact]
    public void A_length_is_rounded_up_and_one_that_wraps_finds_nothing()
    {
        using VmMap map = TestMaps.Simulated(new SimulatedPlatform(), Base, 2);
        using VmMapLockScope scope = map.EnterWriteLock();
        Assert.True(map.TryFindSpace(0, Page + 1, 1, FindSpaceFlags.None, out nuint address));
        Assert.Equal(Base, address);
        Assert.False(map.TryFindSpace(0, (2 * Page) + 1, 1, FindSpaceFlags.None, out address));
        Assert.Equal((nuint)0, address);
        Assert.False(map.TryFindSpace(0, nuint.MaxValue, 1, FindSpaceFlags.None, out address));
        Assert.Equal((nuint)0, address);
    }

    [Fact]
    public void The_end_of_the_result_may_be_the_end_of_the_map_and_space_below_the_start_is_never_returned()
    {
        using VmMap map = TestMaps.Simulated(new SimulatedPlatform(), Base, 4);
        using VmMapLockScope scope = map.EnterWriteLock();
        Assert.True(map.TryFindSpace(Base + Page, 3 * Page, 1, FindSpaceFlags.None, out nuint address));
        Assert.Equal(Base + Page, address);
        Assert.False(map.TryFindSpace(Base + Page + 1, 3 * Page, 1, FindSpaceFlags.None, out _));
        Assert.False(map.TryFindSpace(map.MaxAddress, Page, 1, FindSpaceFlags.None, out _));
        Assert.True(map.TryFindSpaceFromHint(Base + Page + 1, 3 * Page, 1, FindSpaceFlags.None, out address));
        Assert.Equal(Base, address);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(6)]
    [InlineData(4096 * 900)]
    [InlineData(1 << 20)]
    public void Every_alignment_is_legal_and_the_result_is_its_multiple_and_the_lowest(uint alignment)
    {
        using VmMap map = TestMaps.Simulated(new SimulatedPlatform(), Base + Page, 4096 * 4);
        using VmMapLockScope scope = map.EnterWriteLock();
        Assert.True(map.TryFindSpace(0, Page, alignment, FindSpaceFlags.None, out nuint address));
        Assert.Equal((nuint)0, address % alignment);
        Assert.Equal((nuint)0, address % Page);
        for (nuint lower = map.MinAddress; lower < address; lower += Page)
        {
            Assert.NotEqual((nuint)0, lower % alignment);
        }
    }

    [Fact]
    public void A_search_from_high_up_does_not_hide_lower_space_from_the_next()
    {
        using VmMap map = TestMaps.Simulated(new SimulatedPlatform(), Base, 64);
        using VmMapLockScope scope = map.EnterWriteLock();
        Assert.True(map.TryFindSpace(Base + (40 * Page), Page, 1, FindSpaceFlags.None, out _));
        Assert.True(map.TryFindSpace(0, Page, 1, FindSpaceFlags.None, out nuint address));
        Assert.Equal(Base, address);
    }

    [Fact]
    public void A_stack_keeps_its_reserve_from_all_but_stacks_and_a_reserve_larger_than_the_gap_is_clamped()
    {
        using VmMap map = TestMaps.Simulated(new SimulatedPlatform(), Base, 10);
        using VmMapLockScope scope = map.EnterWriteLock();
        VmEntryAttributes stack = VmEntryAttributes.Reserved with { Kind = VmEntryKind.Stack, GrowthReserve = 100 * Page };
        Assert.Equal(VmResult.Success, map.Insert(Base + (6 * Page), Page, stack));
        Assert.True(map.TryFindSpace(0, Page, 1, FindSpaceFlags.None, out nuint address));
        Assert.Equal(Base + (7 * Page), address);
        Assert.True(map.TryFindSpace(0, Page, 1, FindSpaceFlags.Stack, out address));
        Assert.Equal(Base, address);

        // What lies below a neighbour cannot be grown into, and is not kept.
        Assert.Equal(VmResult.Success, map.Insert(Base + (2 * Page), Page, TestMaps.Tagged(1)));
        Assert.True(map.TryFindSpace(0, 2 * Page, 1, FindSpaceFlags.None, out address));
        Assert.Equal(Base, address);
    }

    [Fact]
    public void A_map_at_the_bottom_of_the_address_space_may_find_address_zero()
    {
        using VmMap map = TestMaps.Simulated(TestMaps.WholeSpace(), 0, 4);
        using VmMapLockScope scope = map.EnterWriteLock();
        Assert.True(map.TryFindSpace(0, Page, nuint.MaxValue, FindSpaceFlags.None, out nuint address));
        Assert.Equal((nuint)0, address);
        Assert.Equal(VmResult.Success, map.Insert(0, Page, TestMaps.Tagged(1)));
        Assert.False(map.TryFindSpace(0, Page, nuint.MaxValue, FindSpaceFlags.None, out _));
    }

    [Theory]
    [InlineData(37)]
    [InlineData(44)]
    [InlineData(47)]
    public void A_map_of_up_to_128_tebibytes_is_searched_from_end_to_end(int log2)
    {
        using VmMap map = new(new VmMapOptions
        {
            ByteCount = (nuint)1 << log2,
            Placement = Placement.At(0),
            Platform = TestMaps.WholeSpace(),
        });
        using VmMapLockScope scope = map.EnterWriteLock();
        nuint half = (nuint)1 << (log2 - 1);
        Assert.Equal(VmResult.Success, map.Insert(0, half - Page, TestMaps.Tagged(1)));
        Assert.Equal(VmResult.Success, map.Insert(half, half - Page, TestMaps.Tagged(2)));
        Assert.False(map.TryFindSpace(0, Page, half, FindSpaceFlags.None, out nuint address));
        Assert.True(map.TryFindSpace(half, Page, 1, FindSpaceFlags.None, out address));
        Assert.Equal(map.MaxAddress - Page, address);
        Assert.True(map.TryFindSpace(0, Page, 1, FindSpaceFlags.None, out address));
        Assert.Equal(half - Page, address);
    }
}
