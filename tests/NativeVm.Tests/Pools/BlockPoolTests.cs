using System.Runtime.CompilerServices;
using FsCheck;
using FsCheck.Fluent;
using NativeVm.Platform;
using NativeVm.Pools;
using NativeVm.Testing;
using NativeVm.Tests.Arenas;
using NativeVm.Tests.Support;

namespace NativeVm.Tests.Pools;

public sealed class BlockPoolTests
{
    private const nuint KiB = TestArenas.KiB;

    [Theory]
    [InlineData(1, 0, true)]
    [InlineData(24, 0, true)]
    [InlineData(40, 64, true)]
    [InlineData(56, 0, false)]
    [InlineData(5000, 4096, true)]
    public void A_pool_does_what_a_dictionary_does(int byteCount, int alignment, bool zeroes)
    {
        Prop.ForAll(ArbMap.Default.ArbFor<(byte, ushort)[]>(), operations => Run(operations, (nuint)byteCount, (nuint)alignment, zeroes))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(60).WithEndSize(300));
        Random random = new(9);
        (byte, ushort)[] many = new (byte, ushort)[5000];
        for (int i = 0; i < many.Length; i++)
        {
            many[i] = ((byte)random.Next(256), (ushort)random.Next(65536));
        }

        Run(many, (nuint)byteCount, (nuint)alignment, zeroes);
    }

    [Fact]
    public void Blocks_lie_side_by_side_and_the_last_one_freed_comes_first()
    {
        using BlockPool pool = new(new BlockPoolOptions { BlockByteCount = 24, Capacity = 1000 });
        nuint first = pool.Allocate(out BlockHandle firstHandle);
        nuint second = pool.Allocate(out BlockHandle secondHandle);
        Assert.Equal(pool.BaseAddress, first);
        Assert.Equal(first + 24, second);
        pool.Free(firstHandle);
        pool.Free(secondHandle);
        Assert.Equal(second, pool.Allocate(out _));
        Assert.Equal(first, pool.Allocate(out _));
    }

    [Fact]
    public void Stale_handles_of_every_sort_are_found_out()
    {
        using BlockPool pool = new(new BlockPoolOptions { BlockByteCount = 16, Capacity = 1000 });
        using BlockPool other = new(new BlockPoolOptions { BlockByteCount = 16, Capacity = 1000 });
        pool.Allocate(out BlockHandle live);
        other.Allocate(out BlockHandle foreign);
        nuint address = pool.Allocate(out BlockHandle freed);
        pool.Free(freed);
        pool.Allocate(out BlockHandle next);
        Assert.Equal(freed.Slot, next.Slot);
        foreach (BlockHandle stale in (BlockHandle[])[freed, foreign, default])
        {
            Assert.False(pool.IsLive(stale));
            Assert.False(pool.TryFree(stale));
            Assert.False(pool.TryGetAddress(stale, out nuint nothing));
            Assert.Equal((nuint)0, nothing);
            Assert.Throws<ArgumentException>(() => pool.Free(stale));
            Assert.Throws<ArgumentException>(() => pool.GetAddress(stale));
        }

        pool.Free(next);
        Assert.Throws<ArgumentException>(() => pool.Free(address));
        pool.FreeAll();
        Assert.False(pool.IsLive(live));
        Assert.Equal((nuint)0, pool.LiveCount);
        pool.Allocate(out BlockHandle again);
        Assert.NotEqual(live, again);
    }

    [Fact]
    public void Foreign_addresses_are_found_out()
    {
        using BlockPool pool = new(new BlockPoolOptions { BlockByteCount = 24, Capacity = 1000 });
        nuint address = pool.Allocate(out BlockHandle handle);
        foreach (nuint foreign in (nuint[])[0, address + 1, address - 24, address + 8, address + 24, pool.BaseAddress + pool.Map.PageSize, nuint.MaxValue])
        {
            Assert.Throws<ArgumentException>(() => pool.Free(foreign));
            Assert.False(pool.TryGetHandle(foreign, out _));
        }

        Assert.True(pool.TryGetHandle(address, out BlockHandle found));
        Assert.Equal(handle, found);
        pool.Free(address);
        Assert.Throws<ArgumentException>(() => pool.Free(address));
        Assert.Equal((nuint)0, pool.LiveCount);
    }

    [Fact]
    public void A_block_that_has_had_all_its_lives_is_retired()
    {
        using BlockPool pool = new(new BlockPoolOptions { BlockByteCount = 16, Capacity = 2, LivesPerBlock = 3 });
        HashSet<BlockHandle> handles = [];
        for (int life = 0; life < 6; life++)
        {
            pool.Allocate(out BlockHandle handle);
            Assert.True(handles.Add(handle));
            pool.Free(handle);
        }

        Assert.Equal((nuint)2, pool.GetStatistics().RetiredCount);
        Assert.False(pool.TryAllocate(out _, out _));
        Assert.Contains("Capacity", Assert.Throws<InsufficientMemoryException>(() => pool.Allocate(out _)).Message, StringComparison.Ordinal);
        Assert.DoesNotContain(handles, pool.IsLive);
    }

    [Fact]
    public void Wrong_arguments_throw()
    {
        Assert.Throws<ArgumentNullException>(() => new BlockPool(null!));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BlockPool(new BlockPoolOptions { BlockByteCount = 0, Capacity = 1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BlockPool(new BlockPoolOptions { BlockByteCount = 8, Capacity = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BlockPool(new BlockPoolOptions { BlockByteCount = 8, Capacity = uint.MaxValue }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BlockPool(new BlockPoolOptions { BlockByteCount = nuint.MaxValue, Capacity = 2 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BlockPool(new BlockPoolOptions { BlockByteCount = (nuint)1 << 62, Capacity = 8 }));
        Assert.Throws<ArgumentException>(() => new BlockPool(new BlockPoolOptions { BlockByteCount = 8, Capacity = 2, Alignment = 24 }));
    }

    [Fact]
    public void After_disposal_everything_throws_or_says_no()
    {
        BlockPool pool = new(new BlockPoolOptions { BlockByteCount = 8, Capacity = 100 });
        nuint address = pool.Allocate(out BlockHandle handle);
        pool.Dispose();
        pool.Dispose();
        Assert.False(pool.IsLive(handle));
        Assert.False(pool.TryFree(handle));
        Assert.Throws<ObjectDisposedException>(() => pool.Allocate(out _));
        Assert.Throws<ObjectDisposedException>(() => pool.TryAllocate(out _, out _));
        Assert.Throws<ObjectDisposedException>(() => pool.Free(handle));
        Assert.Throws<ObjectDisposedException>(() => pool.Free(address));
        Assert.Throws<ObjectDisposedException>(() => pool.GetAddress(handle));
        Assert.Throws<ObjectDisposedException>(pool.FreeAll);
        Assert.Throws<ObjectDisposedException>(() => pool.Trim());
        Assert.Throws<ObjectDisposedException>(() => pool.GetStatistics());
        Assert.Throws<ObjectDisposedException>(() => pool.GetEnumerator());
    }

    [Fact]
    public void A_limit_on_memory_is_honoured_and_named()
    {
        using BlockPool pool = new(new BlockPoolOptions { BlockByteCount = 1024, Capacity = 1000, MemoryLimit = 64 * KiB });
        for (int i = 0; i < 64; i++)
        {
            pool.Allocate(out _);
        }

        Assert.False(pool.TryAllocate(out _, out _));
        Assert.Contains("MemoryLimit", Assert.Throws<InsufficientMemoryException>(() => pool.Allocate(out _)).Message, StringComparison.Ordinal);
        Assert.Equal(64 * KiB, pool.GetStatistics().CommittedByteCount);
        pool.FreeAll();
        pool.Allocate(out _);
    }

    [CapabilityFact(Needs.Posix)]
    public void Trimming_gives_back_the_pages_without_live_blocks_and_no_others()
    {
        using BlockPool pool = new(new BlockPoolOptions { BlockByteCount = 1000, Capacity = 100_000 });
        List<BlockHandle> handles = [];
        for (int i = 0; i < 10_000; i++)
        {
            TestArenas.Bytes(pool.Allocate(out BlockHandle handle), 1000).Fill((byte)(i % 251));
            handles.Add(handle);
        }

        for (int i = 0; i < 10_000; i++)
        {
            if (i % 1000 is not 0 and not 1)
            {
                pool.Free(handles[i]);
            }
        }

        Assert.Equal(VmResult.Success, pool.Trim());
        nuint page = pool.Map.PageSize;
        nuint span = 10_000u * pool.Stride / page * page;
        Assert.InRange((ulong)TestArenas.ResidentByteCount(pool.BaseAddress, span), 10ul * page, 30ul * page);
        for (int i = 0; i < 10_000; i += i % 1000 == 0 ? 1 : 999)
        {
            Assert.Equal(-1, TestArenas.Bytes(pool.GetAddress(handles[i]), 1000).IndexOfAnyExcept((byte)(i % 251)));
        }

        Assert.Equal(-1, TestArenas.Bytes(pool.Allocate(out _), 1000).IndexOfAnyExcept((byte)0));
    }

    [Fact]
    public void Values_are_reached_by_their_handles()
    {
        using BlockPool<(long A, long B, long C)> pool = new(new BlockPoolOptions { Capacity = 1000 });
        ref (long A, long B, long C) value = ref pool.Allocate(out BlockHandle handle);
        value.B = 5;
        Assert.Equal((0, 5, 0), pool[handle]);
        pool[handle].C = 6;
        Assert.Equal(6, pool.GetOrNullRef(handle).C);
        Assert.True(pool.TryAllocate(out BlockHandle second));
        List<BlockHandle> live = [];
        foreach (BlockHandle each in pool)
        {
            live.Add(each);
        }

        Assert.Equal([handle, second], live);
        pool.Free(handle);
        Assert.True(Unsafe.IsNullRef(ref pool.GetOrNullRef(handle)));
        Assert.Throws<ArgumentException>(() => pool[handle]);
        Assert.False(pool.TryFree(handle));
        Assert.Equal((nuint)1, pool.LiveCount);
    }

    [Fact]
    public void Exact_division_agrees_with_division()
    {
        Random random = new(3);
        foreach (ulong divisor in (ulong[])[1, 2, 3, 7, 8, 24, 40, 64, 1000, 4096, 5000, 12_288, (1UL << 31) - 1, 1UL << 40])
        {
            ExactDivision division = new(divisor);
            for (int i = 0; i < 2000; i++)
            {
                ulong quotient = (ulong)random.NextInt64(1L << 20);
                Assert.Equal(quotient, division.Divide(quotient * divisor));
                ulong number = (ulong)random.NextInt64() * 2;
                ulong result = division.Divide(number);
                Assert.True(number % divisor == 0 ? result == number / divisor : result > ulong.MaxValue / divisor, $"{number} / {divisor}");
            }
        }
    }

    [Fact]
    public void A_refusal_leaves_the_pool_as_it_was()
    {
        Func<BlockPool, bool>[] acts = [pool => pool.Trim().IsSuccess, pool => pool.TryAllocate(out _, out _)];
        foreach (FaultSweepOptions options in TestArenas.Simulated)
        {
            foreach (Func<BlockPool, bool> act in acts)
            {
                FaultSweepReport report = FaultSweep.Run(
                    platform => new State(platform, hasFree: act == acts[0]), state => act(state.Pool), (state, isDone) => state.Verify(isDone), options);
                Assert.True(report.InjectedCount > 0, "Something was refused.");
            }
        }
    }

    [Fact]
    public void Without_memory_for_the_records_nothing_is_handed_out()
    {
        FaultInjectingPlatform metadata = new(VmPlatform.Current);
        using BlockPool pool = new(new BlockPoolOptions { BlockByteCount = 8, Capacity = 1 << 20, MetadataPlatform = metadata });
        metadata.Arm(FaultPlan.Calls(1, long.MaxValue / 2));
        Assert.False(pool.TryAllocate(out BlockHandle handle, out _));
        Assert.True(handle.IsDefault);
        Assert.Throws<VmMapException>(() => pool.Allocate(out _));
        metadata.Disarm();
        pool.Allocate(out _);
        Assert.Equal((nuint)1, pool.LiveCount);
    }

    [Fact]
    public void No_operation_allocates_on_the_managed_heap()
    {
        using BlockPool<long> pool = new(new BlockPoolOptions { Capacity = 1 << 20 });
        BlockHandle[] handles = new BlockHandle[10_000];
        Assert.Equal(0, TestArenas.ManagedBytesOf(() =>
        {
            for (int i = 0; i < handles.Length; i++)
            {
                pool.Allocate(out handles[i]) = i;
            }

            long sum = 0;
            foreach (BlockHandle handle in pool)
            {
                sum += pool[handle];
            }

            foreach (BlockHandle handle in handles)
            {
                pool.Free(handle);
            }

            pool.Blocks.Trim();
        }));
    }

    private static void Run((byte Kind, ushort Argument)[] operations, nuint byteCount, nuint alignment, bool zeroes)
    {
        using BlockPool pool = new(new BlockPoolOptions
        {
            BlockByteCount = byteCount,
            Alignment = alignment,
            Capacity = 600,
            ZeroesMemory = zeroes,
            CommitStep = 1,
        });
        Dictionary<BlockHandle, (nuint Address, byte Pattern)> live = [];
        List<BlockHandle> order = [];
        List<BlockHandle> stale = [];
        byte next = 0;
        foreach ((byte kind, ushort argument) in operations)
        {
            if (kind % 16 < 8)
            {
                if (!pool.TryAllocate(out BlockHandle handle, out nuint address))
                {
                    Assert.Equal(600, live.Count);
                    continue;
                }

                Assert.True(live.TryAdd(handle, (address, ++next)));
                Assert.Equal((nuint)0, (address - pool.BaseAddress) % pool.Stride);
                Assert.Equal((nuint)0, alignment == 0 ? 0 : address % alignment);
                Span<byte> bytes = TestArenas.Bytes(address, byteCount);
                Assert.True(!zeroes || bytes.IndexOfAnyExcept((byte)0) < 0, "It is zero.");
                bytes.Fill(next);
                order.Add(handle);
            }
            else if (kind % 16 < 14 && order.Count > 0)
            {
                int index = argument % order.Count;
                BlockHandle handle = order[index];
                order[index] = order[^1];
                order.RemoveAt(order.Count - 1);
                Assert.Equal(live[handle].Address, pool.GetAddress(handle));
                Assert.Equal(-1, TestArenas.Bytes(live[handle].Address, byteCount).IndexOfAnyExcept(live[handle].Pattern));
                if (kind % 2 == 0)
                {
                    pool.Free(handle);
                }
                else
                {
                    pool.Free(live[handle].Address);
                }

                live.Remove(handle);
                stale.Add(handle);
            }
            else if (kind % 16 == 14)
            {
                Assert.Equal(VmResult.Success, pool.Trim());
            }
            else if (argument % 8 == 0)
            {
                pool.FreeAll();
                stale.AddRange(order);
                order.Clear();
                live.Clear();
            }
        }

        Assert.Equal((nuint)live.Count, pool.LiveCount);
        Assert.DoesNotContain(stale, pool.IsLive);
        List<BlockHandle> seen = [];
        foreach (BlockHandle handle in pool)
        {
            Assert.Equal(-1, TestArenas.Bytes(live[handle].Address, byteCount).IndexOfAnyExcept(live[handle].Pattern));
            seen.Add(handle);
        }

        Assert.Equal(live.Count, seen.Count);
        Assert.Equal(seen.OrderBy(handle => handle.Slot), seen);
    }

    private sealed class State : IDisposable
    {
        private readonly VmPlatform _platform;
        private readonly BlockPoolStatistics _before;
        private readonly string _picture;

        public State(VmPlatform platform, bool hasFree)
        {
            _platform = platform;
            Pool = new BlockPool(new BlockPoolOptions
            {
                BlockByteCount = 4096,
                Capacity = 10_000,
                Platform = platform,
                ZeroesMemory = false,
            });
            do
            {
                Pool.Allocate(out _);
            }
            while (Pool.GetStatistics() is var statistics && statistics.AllocatedByteCount < statistics.CommittedByteCount);
            if (hasFree)
            {
                Pool.FreeAll();
                Pool.Allocate(out _);
            }

            _before = Pool.GetStatistics();
            _picture = TestArenas.Picture(platform);
        }

        public BlockPool Pool { get; }

        public void Verify(bool isDone)
        {
            Pool.Map.Validate();
            BlockPoolStatistics now = Pool.GetStatistics();
            Assert.Equal(Pool.Map.GetStatistics().CommittedByteCount, now.CommittedByteCount);
            if (!isDone)
            {
                Assert.Equal(_before, now);
                Assert.Equal(_picture, TestArenas.Picture(_platform));
            }
        }

        public void Dispose() => Pool.Dispose();
    }
}
