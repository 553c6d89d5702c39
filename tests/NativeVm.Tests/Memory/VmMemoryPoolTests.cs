using System.Buffers;
using System.Runtime.CompilerServices;
using NativeVm.Testing;
using NativeVm.Tests.Map;
using NativeVm.Tests.Support;

namespace NativeVm.Tests.Memory;

public sealed class VmMemoryPoolTests
{
    [Fact]
    public void What_is_rented_is_long_enough_page_aligned_and_its_owners_alone()
    {
        using VmMemoryPool<byte> pool = new(new VmMemoryPoolOptions { Name = "model" });
        Random random = new(5);
        List<(VmMemoryManager<byte> Owner, byte Pattern)> live = [];
        for (int step = 0; step < 4000; step++)
        {
            if (live.Count < 60 && random.Next(5) < 3)
            {
                int length = random.Next(8) == 0 ? random.Next(1, 4 << 20) : random.Next(1, 100_000);
                Assert.True(pool.TryRent(length, out VmMemoryManager<byte>? owner));
                Assert.True(owner.Length >= length);
                Assert.Equal((nuint)0, owner.Address % 4096);
                Ends(owner.Memory.Span, (byte)step);
                live.Add((owner, (byte)step));
            }
            else if (live.Count > 0)
            {
                int index = random.Next(live.Count);
                (VmMemoryManager<byte> owner, byte pattern) = live[index];
                AssertEnds(owner.Memory.Span, pattern);
                owner.Dispose();
                Assert.Throws<ObjectDisposedException>(() => owner.Memory);
                live[index] = live[^1];
                live.RemoveAt(live.Count - 1);
            }

            VmMemoryPoolStatistics statistics = pool.GetStatistics();
            Assert.Equal((nuint)live.Count, statistics.RentedCount);
            Assert.Equal((nuint)live.Sum(static entry => entry.Owner.Length), statistics.RentedByteCount);
        }

        live.ForEach(static entry => entry.Owner.Dispose());
        Assert.Equal((nuint)0, pool.GetStatistics().RentedByteCount);
    }

    [Fact]
    public void Elements_of_any_size_fill_whole_pages()
    {
        using VmMemoryPool<Guid> pool = new(new VmMemoryPoolOptions { IsZeroed = true });
        using IMemoryOwner<Guid> some = pool.Rent();
        using IMemoryOwner<Guid> none = pool.Rent(0);
        using IMemoryOwner<Guid> many = pool.Rent(1000);
        Assert.True(some.Memory.Length >= 256);
        Assert.True(none.Memory.Length >= 0);
        Assert.True(many.Memory.Length >= 1000);
        Assert.Equal(-1, many.Memory.Span.IndexOfAnyExcept(Guid.Empty));
        Assert.Equal(int.MaxValue, pool.MaxBufferSize);
        Assert.Throws<ArgumentOutOfRangeException>(() => pool.Rent(-2));
    }

    [Fact]
    public void A_zeroed_pool_hands_out_zeros_again()
    {
        using VmMemoryPool<byte> pool = new(new VmMemoryPoolOptions { IsZeroed = true });
        for (int round = 0; round < 20; round++)
        {
            using IMemoryOwner<byte> owner = pool.Rent(100_000);
            Assert.Equal(-1, owner.Memory.Span.IndexOfAnyExcept((byte)0));
            owner.Memory.Span.Fill(0xCC);
        }
    }

    [Fact]
    public void A_limit_that_is_reached_is_an_expected_failure_and_the_pool_goes_on()
    {
        using VmMemoryPool<byte> pool = new(new VmMemoryPoolOptions { MemoryLimit = 1 << 20, Name = "limited" });
        IMemoryOwner<byte> large = pool.Rent(1 << 20);
        Assert.False(pool.TryRent(1 << 20, out _));
        InsufficientMemoryException exception = Assert.Throws<InsufficientMemoryException>(() => pool.Rent(1 << 20));
        Assert.Contains("limited", exception.Message, StringComparison.Ordinal);
        Assert.Equal((nuint)1, pool.GetStatistics().RentedCount);
        large.Dispose();
        pool.Rent(1 << 20).Dispose();
    }

    [Fact]
    public void A_pool_disposed_of_rents_nothing_and_goes_with_the_last_return()
    {
        SimulatedPlatform platform = new();
        VmMemoryPool<byte> pool = new(new VmMemoryPoolOptions { Platform = platform });
        IMemoryOwner<byte> first = pool.Rent(10_000);
        IMemoryOwner<byte> second = pool.Rent(10_000);
        first.Dispose();
        pool.Dispose();
        pool.Dispose();
        Assert.Throws<ObjectDisposedException>(() => pool.Rent(1));
        Assert.Throws<ObjectDisposedException>(() => pool.GetStatistics());
        Assert.True(second.Memory.Length >= 10_000);
        Assert.NotEqual((nuint)0, platform.ReservedByteCount);
        second.Dispose();
        Assert.Equal((nuint)0, platform.ReservedByteCount);
    }

    [Fact]
    public void An_owner_that_is_forgotten_returns_what_it_had()
    {
        using VmMemoryPool<byte> pool = new(new VmMemoryPoolOptions());
        RentAndForget(pool);
        Assert.True(Collector.RunsUntil(() => pool.GetStatistics().RentedCount == 0));
        pool.Rent(5).Dispose();
    }

    [Fact]
    public void A_pool_forgotten_with_all_it_has_rented_gives_its_address_space_back()
    {
        SimulatedPlatform platform = new();
        ForgetPool(platform);
        Assert.True(Collector.RunsUntil(() => platform.ReservedByteCount == 0));
    }

    [Fact]
    public void An_allocator_given_is_left_alone_and_may_be_disposed_of_early()
    {
        using VmMap map = TestMaps.Real(16 << 20);
        PageAllocator pages = new(new PageAllocatorOptions { Map = map });
        VmMemoryPool<byte> pool = new(new VmMemoryPoolOptions { Pages = pages });
        IMemoryOwner<byte> owner = pool.Rent(100);
        Assert.NotEqual((nuint)0, pages.GetStatistics().AllocatedByteCount);
        pool.Rent(100).Dispose();
        pages.Dispose();
        owner.Dispose();
        pool.Dispose();
        Assert.Throws<ArgumentException>(() => new VmMemoryPool<byte>(new VmMemoryPoolOptions { Pages = pages, Map = map }));
        map.Validate();
    }

    [Fact]
    public async Task Threads_rent_and_return_what_others_have_rented()
    {
        using VmMemoryPool<byte> pool = new(new VmMemoryPoolOptions());
        using System.Collections.Concurrent.BlockingCollection<(VmMemoryManager<byte> Owner, byte Pattern)> passed = new(64);
        Task[] renters = [.. Enumerable.Range(0, 4).Select(seed => Task.Run(() => RentAndPass(pool, passed, seed)))];
        Task[] returners = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(() => TakeAndReturn(passed)))];
        await Task.WhenAll(renters);
        passed.CompleteAdding();
        await Task.WhenAll(returners);
        Assert.Equal((nuint)0, pool.GetStatistics().RentedCount);
        Assert.Equal((nuint)0, pool.GetStatistics().RentedByteCount);
    }

    [Fact]
    public void A_rent_allocates_one_small_object()
    {
        using VmMemoryPool<byte> pool = new(new VmMemoryPoolOptions());
        long least = ManagedAllocations.Of(() =>
        {
            for (int i = 0; i < 100; i++)
            {
                pool.Rent(50_000).Dispose();
            }
        });

        // A thread that the system moves to another core in between finds no lease at rest there.
        Assert.InRange(least, 1, 100 * 64);
    }

    private static void RentAndPass(
        VmMemoryPool<byte> pool,
        System.Collections.Concurrent.BlockingCollection<(VmMemoryManager<byte> Owner, byte Pattern)> passed,
        int seed)
    {
        Random random = new(seed);
        for (int i = 0; i < 1500; i++)
        {
            Assert.True(pool.TryRent(random.Next(1, 60_000), out VmMemoryManager<byte>? owner));
            byte pattern = (byte)random.Next(256);
            Ends(owner.GetSpan(), pattern);
            if (random.Next(2) == 0)
            {
                AssertEnds(owner.GetSpan(), pattern);
                owner.Dispose();
            }
            else
            {
                passed.Add((owner, pattern));
            }
        }
    }

    private static void TakeAndReturn(
        System.Collections.Concurrent.BlockingCollection<(VmMemoryManager<byte> Owner, byte Pattern)> passed)
    {
        foreach ((VmMemoryManager<byte> owner, byte pattern) in passed.GetConsumingEnumerable())
        {
            AssertEnds(owner.GetSpan(), pattern);
            owner.Dispose();
        }
    }

    private static void Ends(Span<byte> span, byte pattern)
    {
        span[..Math.Min(64, span.Length)].Fill(pattern);
        span[^Math.Min(64, span.Length)..].Fill(pattern);
    }

    private static void AssertEnds(ReadOnlySpan<byte> span, byte pattern)
    {
        Assert.Equal(-1, span[..Math.Min(64, span.Length)].IndexOfAnyExcept(pattern));
        Assert.Equal(-1, span[^Math.Min(64, span.Length)..].IndexOfAnyExcept(pattern));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void RentAndForget(VmMemoryPool<byte> pool) => _ = pool.Rent(10_000).Memory;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ForgetPool(SimulatedPlatform platform)
    {
        VmMemoryPool<byte> pool = new(new VmMemoryPoolOptions { Platform = platform });
        _ = pool.Rent(10_000);
        pool.Rent(10).Dispose();
    }
}
