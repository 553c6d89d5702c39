using System.Runtime.CompilerServices;
using NativeVm.Tests.Arenas;
using NativeVm.Tests.Support;

namespace NativeVm.Tests.Pools;

public sealed class BlockPoolTests
{
    private const nuint KiB = TestArenas.KiB;

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
    public void No_operation_allocates_on_the_managed_heap()
    {
        using BlockPool<long> pool = new(new BlockPoolOptions { Capacity = 1 << 20 });
        BlockHandle[] handles = new BlockHandle[10_000];
        Assert.Equal(0, ManagedAllocations.Of(() =>
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
}
