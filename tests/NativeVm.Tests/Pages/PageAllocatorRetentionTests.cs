using NativeVm.Pages;
using NativeVm.Platform;
using NativeVm.Testing;
using NativeVm.Tests.Support;

namespace NativeVm.Tests.Pages;

/// <summary>What is kept, for how long, and how it goes back.</summary>
[Collection(nameof(ResidentSetTests))]
public sealed unsafe class PageAllocatorRetentionTests
{
    private const nuint MiB = 1 << 20;
    private const nuint Page = 4096;
    private const PageAllocationFlags Any = PageAllocationFlags.Uninitialized;

    [Fact]
    public void A_map_that_is_disposed_of_before_its_allocator_ends_the_trimming_and_not_the_process()
    {
        SimulatedPlatform platform = new();
        VmMap map = new(new VmMapOptions { ByteCount = 64 * MiB, Platform = platform });
        PageAllocator allocator = new(new PageAllocatorOptions { Map = map, TrimsInBackground = false, RetainAge = TimeSpan.Zero });
        using PageTrimmer trimmer = new(allocator, Timeout.InfiniteTimeSpan);
        allocator.Free(allocator.Allocate(8 * MiB, flags: Any));
        Assert.True(trimmer.Tick());
        allocator.Free(allocator.Allocate(8 * MiB, flags: Any));
        map.Dispose();
        Assert.False(trimmer.Tick());
    }

    [Fact]
    public void A_run_that_is_used_again_costs_no_system_call_and_no_managed_memory()
    {
        SimulatedPlatform platform = new();
        using PageAllocator allocator = Create(platform, 512 * MiB);
        nuint[] sizes = [1, 65536, MiB, 4 * MiB, 40 * MiB];
        Cycle(allocator, sizes, 5);
        long calls = platform.SystemCallCount;
        Assert.Equal(0, ManagedAllocations.Of(() => Cycle(allocator, sizes, 1000)));
        Assert.Equal(calls, platform.SystemCallCount);
    }

    [Fact]
    public void Pieces_that_were_freed_in_any_order_join_and_serve_one_long_run()
    {
        SimulatedPlatform platform = new();
        using PageAllocator allocator = Create(platform, 512 * MiB);
        nuint[] pieces = new nuint[4000];
        for (int i = 0; i < pieces.Length; i++)
        {
            pieces[i] = allocator.Allocate((nuint)(1 + (i % 7)) * Page, flags: Any);
        }

        nuint reserved = allocator.GetStatistics().ReservedByteCount;
        new Random(3).Shuffle(pieces);
        Array.ForEach(pieces, allocator.Free);
        Assert.Equal(0u, allocator.GetStatistics().AllocatedByteCount);

        // What the cache keeps comes back, and no memory goes.
        Assert.Equal(0u, allocator.Trim(nuint.MaxValue));
        long calls = platform.SystemCallCount;
        _ = allocator.Allocate(3900 * 4 * Page, flags: Any);
        Assert.Equal(calls, platform.SystemCallCount);
        Assert.Equal(reserved, allocator.GetStatistics().ReservedByteCount);
        allocator.Validate();
    }

    [Fact]
    public void Beyond_the_high_mark_memory_goes_back_to_the_low_mark_in_few_calls()
    {
        SimulatedPlatform platform = new();
        using PageAllocator allocator = Create(platform, 64 * MiB, 16 * MiB);
        nuint[] runs = new nuint[2000];
        for (int i = 0; i < runs.Length; i++)
        {
            runs[i] = allocator.Allocate(100 * Page, flags: Any);
        }

        long calls = platform.SystemCallCount;
        foreach (nuint run in runs)
        {
            allocator.Free(run);
            PageAllocatorStatistics now = allocator.GetStatistics();
            Assert.True(now.RetainedByteCount - now.CachedByteCount <= 65 * MiB, now.ToString());
        }

        Assert.InRange(platform.SystemCallCount - calls, 8, 200);
        PageAllocatorStatistics statistics = allocator.GetStatistics();
        Assert.True(statistics.PurgedByteCount > 700 * MiB, statistics.ToString());
        allocator.Validate();
    }

    [Fact]
    public void Trim_gives_back_all_that_is_free_or_so_much_that_no_more_is_kept_than_asked()
    {
        using PageAllocator allocator = Create(null, 512 * MiB);
        nuint kept = allocator.Allocate(MiB);
        nuint freed = allocator.Allocate(16 * MiB);
        new Span<byte>((void*)kept, (int)MiB).Fill(1);
        new Span<byte>((void*)freed, (int)(16 * MiB)).Fill(1);
        allocator.Free(freed);
        Assert.Equal(16 * MiB, allocator.GetStatistics().RetainedByteCount);
        Assert.Equal(0u, allocator.Trim(16 * MiB));
        Assert.Equal(16 * MiB, Resident(freed, 16 * MiB));
        Assert.Equal(16 * MiB, allocator.Trim());
        Assert.Equal(0u, allocator.GetStatistics().RetainedByteCount);
        Assert.Equal(0u, allocator.Trim());
        if (allocator.Map.Platform.Supports(PlatformCapabilities.PurgeReadsZero))
        {
            Assert.Equal(0u, Resident(freed, 16 * MiB));
        }

        Assert.Equal(-1, new Span<byte>((void*)kept, (int)MiB).IndexOfAnyExcept((byte)1));
    }

    [Fact]
    public void Of_a_run_that_has_to_be_zero_only_the_pages_that_hold_something_are_written()
    {
        using PageAllocator allocator = Create(null, 512 * MiB);
        nuint first = allocator.Allocate(4 * MiB);
        new Span<byte>((void*)first, (int)(4 * MiB)).Fill(1);
        allocator.Free(first);
        _ = allocator.Trim();
        nuint page = allocator.PageSize;
        nuint some = allocator.Allocate(MiB);
        Assert.Equal(-1, new Span<byte>((void*)some, (int)MiB).IndexOfAnyExcept((byte)0));
        new Span<byte>((void*)some, (int)MiB).Fill(7);
        allocator.Free(some);

        // Larger than what a cache keeps would be taken from the joined run: one part of it dirty, the rest clean.
        _ = allocator.Trim(MiB);
        nuint all = allocator.Allocate(4 * MiB);
        if (allocator.Map.Platform.Supports(PlatformCapabilities.PurgeReadsZero))
        {
            Assert.True(Resident(all, 4 * MiB) <= MiB + page);
        }

        Assert.Equal(-1, new Span<byte>((void*)all, (int)(4 * MiB)).IndexOfAnyExcept((byte)0));
    }

    [Fact]
    public void What_is_old_goes_back_and_what_is_young_stays()
    {
        SimulatedPlatform platform = new();
        using PageAllocator young = Create(platform, 512 * MiB, age: TimeSpan.FromDays(1));
        using PageAllocator old = Create(platform, 512 * MiB, age: TimeSpan.Zero);
        foreach (PageAllocator allocator in new[] { young, old })
        {
            allocator.Free(allocator.Allocate(20 * MiB, flags: Any));
            allocator.TrimOld();
            allocator.Validate();
        }

        Assert.Equal(20 * MiB, young.GetStatistics().RetainedByteCount);
        Assert.Equal(0u, old.GetStatistics().RetainedByteCount);
    }

    [Fact]
    public void The_timer_gives_back_what_is_old_from_the_cache_of_an_idle_thread_too()
    {
        using PageAllocator allocator = new(new PageAllocatorOptions
        {
            Platform = new SimulatedPlatform(),
            RetainAge = TimeSpan.FromMilliseconds(1),
        });
        allocator.Free(allocator.Allocate(MiB, flags: Any));
        allocator.Free(allocator.Allocate(30 * MiB, flags: Any));
        Assert.True(SpinWait.SpinUntil(() => allocator.GetStatistics().RetainedByteCount == 0, TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public void A_forgotten_allocator_is_collected_in_spite_of_its_timer_and_its_threads()
    {
        WeakReference forgotten = Forget();
        Assert.True(SpinWait.SpinUntil(
            () =>
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
                return !forgotten.IsAlive;
            },
            TimeSpan.FromSeconds(30)));

        static WeakReference Forget()
        {
            PageAllocator allocator = new(new PageAllocatorOptions { RetainAge = TimeSpan.FromMilliseconds(200) });
            allocator.Free(allocator.Allocate(MiB));
            return new WeakReference(allocator);
        }
    }

    [Fact]
    public void Where_huge_pages_are_used_whole_ones_go_back_and_no_less()
    {
        const nuint Huge = 2 * MiB;
        SimulatedPlatform platform = new();
        using PageAllocator allocator = new(new PageAllocatorOptions
        {
            Platform = platform,
            UsesHugePages = true,
            TrimsInBackground = false,
        });
        nuint address = allocator.Allocate(5 * Huge, Huge, Any);
        Assert.True(allocator.TryResizeInPlace(address, 5 * Huge, 3 * Page));
        Assert.Equal(4 * Huge, allocator.Trim());
        Assert.Equal(Huge - (3 * Page), allocator.GetStatistics().RetainedByteCount);
        allocator.Validate();
    }

    private static void Cycle(PageAllocator allocator, nuint[] sizes, int rounds)
    {
        for (int round = 0; round < rounds; round++)
        {
            foreach (nuint byteCount in sizes)
            {
                if (!allocator.TryAllocate(byteCount, 1, Any, out nuint address))
                {
                    throw new InvalidOperationException("There is memory.");
                }

                allocator.Free(address);
            }
        }
    }

    private static nuint Resident(nuint address, nuint byteCount)
    {
        Assert.True(VmPlatform.Current.QueryResident(address, byteCount, out nuint resident).IsSuccess);
        return resident;
    }

    private static PageAllocator Create(VmPlatform? platform, nuint high, nuint? low = null, TimeSpan? age = null) =>
        new(new PageAllocatorOptions
        {
            Platform = platform,
            RetainHighMark = high,
            RetainLowMark = low ?? high / 2,
            RetainAge = age ?? Timeout.InfiniteTimeSpan,
            TrimsInBackground = false,
        });
}
