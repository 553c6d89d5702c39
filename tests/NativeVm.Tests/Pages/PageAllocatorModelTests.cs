using NativeVm.Platform;
using NativeVm.Testing;

namespace NativeVm.Tests.Pages;

/// <summary>Random operations against a plain record of what is allocated.</summary>
public sealed class PageAllocatorModelTests
{
    private const nuint MiB = 1 << 20;

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    public void Runs_keep_their_contents_and_begin_with_zeros_on_real_pages(int seed, bool retainsNothing)
    {
        using PageAllocator allocator = new(new PageAllocatorOptions
        {
            RetainHighMark = retainsNothing ? 0 : 8 * MiB,
            RetainLowMark = 4 * MiB,
            TrimsInBackground = false,
        });
        PageAllocatorModel model = new(allocator, seed, isReal: true);
        model.Drive(4000, mostLive: 200);
        model.FreeAll();
        _ = allocator.Trim();
        Assert.Equal(0u, allocator.GetStatistics().RetainedByteCount);
    }

    [Theory]
    [InlineData(11, true, 0)]
    [InlineData(12, false, 0)]
    [InlineData(13, true, 24)]
    [InlineData(14, false, 24)]
    public void Figures_and_structure_hold_on_simulated_systems_and_nothing_is_left(int seed, bool isPosix, int limit)
    {
        SimulatedPlatform platform = new(isPosix ? SimulatedPlatformOptions.PosixLike : SimulatedPlatformOptions.WindowsLike);
        using (PageAllocator allocator = new(new PageAllocatorOptions
        {
            Platform = platform,
            MemoryLimit = (nuint)limit * MiB,
            TrimsInBackground = false,
        }))
        {
            PageAllocatorModel model = new(allocator, seed, isReal: false);
            model.Drive(20_000, mostLive: 300);
            model.FreeAll();
        }

        Assert.Equal(0, platform.ReservationCount);
    }

    [Theory]
    [InlineData(21)]
    [InlineData(22)]
    public void A_small_given_map_is_used_to_its_last_page_and_left_as_it_was(int seed)
    {
        SimulatedPlatform platform = new();
        using VmMap map = new(new VmMapOptions { ByteCount = 4 * MiB, Platform = platform });
        Assert.True(map.FindFixed(map.MinAddress + MiB, map.PageSize, VmEntryAttributes.ReadWrite with { Tag = 5 }).IsSuccess);
        using (PageAllocator allocator = new(new PageAllocatorOptions { Map = map, TrimsInBackground = false }))
        {
            nuint count = 0;
            while (allocator.TryAllocate(1, 1, PageAllocationFlags.Uninitialized, out nuint address))
            {
                Assert.InRange(address, map.MinAddress, map.MaxAddress - map.PageSize);
                count++;
            }

            Assert.Equal((4 * MiB / map.PageSize) - 1, count);
        }

        Assert.Equal(1u, map.GetStatistics().EntryCount);
        using (PageAllocator allocator = new(new PageAllocatorOptions { Map = map, TrimsInBackground = false }))
        {
            new PageAllocatorModel(allocator, seed, isReal: false).Drive(5000, mostLive: 100);
        }

        Assert.Equal(1u, map.GetStatistics().EntryCount);
    }

    [Fact]
    public void A_given_map_may_lie_anywhere_and_pages_may_be_large()
    {
        SimulatedPlatform platform = new(new SimulatedPlatformOptions { PageSize = 65536, HugePageSize = 0, HighestAddress = (nuint)1 << 46 });
        using VmMap map = new(new VmMapOptions { ByteCount = 2048 * MiB, Platform = platform, Placement = Placement.At(0x5234_0000) });
        using PageAllocator allocator = new(new PageAllocatorOptions { Map = map, TrimsInBackground = false });
        new PageAllocatorModel(allocator, 31, isReal: false).Drive(8000, mostLive: 200);
    }
}
