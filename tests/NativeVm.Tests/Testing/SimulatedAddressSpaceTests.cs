using NativeVm.Platform;
using NativeVm.Testing;

namespace NativeVm.Tests.Testing;

/// <summary>Address spaces of every size and place, up to the last page but one of 2^64.</summary>
public sealed class SimulatedAddressSpaceTests
{
    private const nuint Page = 4096;

    private static readonly nuint Top = nuint.MaxValue - Page + 1;

    [Theory]
    [InlineData(PlacementStrategy.BottomUp)]
    [InlineData(PlacementStrategy.TopDown)]
    public void The_whole_of_the_largest_space_is_one_reservation(PlacementStrategy strategy)
    {
        SimulatedPlatform platform = Largest(strategy);
        platform.Reserve(Top, Placement.Anywhere, out nuint address).ThrowIfRefused();
        Assert.Equal(0u, address);
        platform.Commit(0, Top, PageProtection.ReadWrite).ThrowIfRefused();
        platform.Touch(Top - 1, 1);
        Assert.Equal(Top, platform.CommittedByteCount);
        Assert.Equal(Page, platform.ResidentByteCount);
        Assert.Equal(RefusalReason.NoAddressSpace, platform.Reserve(Page, Placement.Anywhere, out _).Reason);
        platform.Release(0, Top).ThrowIfRefused();
        Assert.Empty(platform.Snapshot());
    }

    [Fact]
    public void Ranges_that_reach_the_very_top_are_refused_or_unlawful_never_wrapped()
    {
        SimulatedPlatform platform = Largest(PlacementStrategy.BottomUp);
        Assert.Equal(RefusalReason.NoAddressSpace, platform.Reserve(Page, Placement.At(Top), out _).Reason);
        Assert.Equal(
            RefusalReason.NoAddressSpace, platform.Reserve(2 * Page, Placement.At(Top - Page), out _).Reason);
        Assert.Throws<UnlawfulUseException>(() => platform.Commit(Top, Page, PageProtection.Read));
        Assert.Throws<UnlawfulUseException>(() => platform.Touch(nuint.MaxValue, 1));
        Assert.Equal(RefusalReason.InvalidRange, platform.Query(nuint.MaxValue, out _).Reason);
        Assert.Equal(RefusalReason.InvalidRange, platform.QueryResident(Top - Page, 2 * Page, out _).Reason);
        Assert.True(platform.CountMappings(Top - Page, 2 * Page, out nuint count).IsSuccess);
        Assert.Equal(0u, count);
    }

    [Theory]
    [InlineData(PlacementStrategy.BottomUp)]
    [InlineData(PlacementStrategy.TopDown)]
    public void Any_alignment_up_to_half_the_space_is_met(PlacementStrategy strategy)
    {
        SimulatedPlatform platform = Largest(strategy);
        platform.PlaceForeign(0, Page);
        for (int shift = 12; shift < 64; shift++)
        {
            nuint alignment = (nuint)1 << shift;
            platform.Reserve(Page, Placement.Aligned(alignment), out nuint address).ThrowIfRefused();
            Assert.Equal(0u, address & (alignment - 1));
            platform.Release(address, Page).ThrowIfRefused();
        }
    }

    [Fact]
    public void A_32_bit_space_is_full_when_it_is_full()
    {
        SimulatedPlatform platform = new(SimulatedPlatformOptions.Posix32BitLike);
        nuint previous = platform.HighestAddress;
        nuint taken = 0;
        while (platform.Reserve(256 << 20, Placement.Anywhere, out nuint address).IsSuccess)
        {
            Assert.Equal(previous - (256 << 20), address);
            previous = address;
            taken += 256 << 20;
        }

        Assert.Equal((nuint)11 * (256 << 20), taken);
    }

    [Fact]
    public void Bounds_limit_both_ends_of_a_reservation()
    {
        SimulatedPlatform platform = new();
        platform.Reserve(4 * Page, Placement.Between(0x10_1000, 0x10_5000), out nuint address).ThrowIfRefused();
        Assert.Equal(0x10_1000u, address);
        Assert.Equal(
            RefusalReason.NoAddressSpace,
            platform.Reserve(Page, Placement.Between(0x10_0000, 0x10_0fff), out _).Reason);
        Assert.Equal(
            RefusalReason.NoAddressSpace,
            platform.Reserve(Page, Placement.Between(0x10_0000, 0x10_6000, 0x10_0000 * 2), out _).Reason);
        platform.Reserve(Page, Placement.Below(platform.LowestAddress + Page), out address).ThrowIfRefused();
        Assert.Equal(platform.LowestAddress, address);
        Assert.Equal(RefusalReason.NoAddressSpace, platform.Reserve(Page, Placement.Below(0x8000), out _).Reason);
        Assert.Equal(RefusalReason.AccessDenied, platform.Reserve(Page, Placement.At(0x8000), out _).Reason);
        platform.Reserve(Page, Placement.Within(0x7000_0000, 0x10_0000), out address).ThrowIfRefused();
        Assert.InRange(address, (nuint)0x6ff0_0000, (nuint)0x7010_0000 - Page);
    }

    [Fact]
    public void Reservations_start_at_the_granularity_and_may_end_anywhere()
    {
        SimulatedPlatform platform = new(SimulatedPlatformOptions.WindowsLike);
        platform.Reserve(Page, Placement.Anywhere, out nuint first).ThrowIfRefused();
        platform.Reserve(Page, Placement.Anywhere, out nuint second).ThrowIfRefused();
        Assert.Equal(first + (64 << 10), second);
        Assert.Throws<ArgumentException>(() => platform.Reserve(Page, Placement.At(first + Page), out _));
    }

    [Fact]
    public void Pages_of_64_KiB_are_the_unit_of_everything()
    {
        SimulatedPlatform platform = new(
            new SimulatedPlatformOptions { PageSize = 64 << 10, HighestAddress = (nuint)1 << 46 });
        Assert.Equal((nuint)64 << 10, platform.AllocationGranularity);
        Assert.Throws<ArgumentException>(() => platform.Reserve(Page, Placement.Anywhere, out _));
        platform.Reserve(1 << 20, Placement.Anywhere, out nuint address).ThrowIfRefused();
        platform.Commit(address, 1 << 20, PageProtection.ReadWrite).ThrowIfRefused();
        platform.Touch(address + 5, 1);
        Assert.Equal((nuint)64 << 10, platform.ResidentByteCount);
    }

    [Fact]
    public void Options_that_contradict_each_other_are_rejected()
    {
        SimulatedPlatformOptions valid = SimulatedPlatformOptions.PosixLike;
        Assert.Throws<ArgumentNullException>(() => new SimulatedPlatform(null!));
        Assert.Throws<ArgumentException>(() => new SimulatedPlatform(valid with { PageSize = 3000 }));
        Assert.Throws<ArgumentException>(() => new SimulatedPlatform(valid with { PageSize = 0 }));
        Assert.Throws<ArgumentException>(() => new SimulatedPlatform(valid with { AllocationGranularity = 1024 }));
        Assert.Throws<ArgumentException>(() => new SimulatedPlatform(valid with { HugePageSize = Page }));
        Assert.Throws<ArgumentException>(() => new SimulatedPlatform(valid with { LowestAddress = 100 }));
        Assert.Throws<ArgumentException>(() => new SimulatedPlatform(valid with { HighestAddress = 0 }));
        Assert.Throws<ArgumentException>(() => new SimulatedPlatform(valid with { Strategy = (PlacementStrategy)9 }));
    }

    [Fact]
    public void A_hundred_thousand_reservations_are_no_burden()
    {
        const int Count = 100_000;
        SimulatedPlatform platform = new();
        nuint[] addresses = new nuint[Count];
        for (int i = 0; i < Count; i++)
        {
            platform.Reserve(2 * Page, Placement.Anywhere, out addresses[i]).ThrowIfRefused();
            platform.Commit(addresses[i], Page, PageProtection.ReadWrite).ThrowIfRefused();
        }

        Assert.Equal((nuint)Count * 2, platform.MappingCount);
        for (int i = 0; i < Count; i += 2)
        {
            platform.Release(addresses[i], 2 * Page).ThrowIfRefused();
        }

        for (int i = 0; i < Count; i += 2)
        {
            platform.Reserve(2 * Page, Placement.Anywhere, out nuint address).ThrowIfRefused();
            Assert.Equal(addresses[i], address);
        }

        Assert.Equal((nuint)Count * 2 * Page, platform.ReservedByteCount);
    }

    private static SimulatedPlatform Largest(PlacementStrategy strategy) => new(new SimulatedPlatformOptions
    {
        LowestAddress = 0,
        HighestAddress = Top,
        Strategy = strategy,
    });
}
