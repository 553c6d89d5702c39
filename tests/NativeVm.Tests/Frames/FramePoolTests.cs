using NativeVm.Platform;
using NativeVm.Testing;
using NativeVm.Tests.Arenas;
using NativeVm.Tests.Support;

namespace NativeVm.Tests.Frames;

public sealed class FramePoolTests
{
    private const nuint KiB = TestArenas.KiB;
    private const nuint MiB = TestArenas.MiB;

    [Fact]
    public void Frames_lie_side_by_side_aligned_for_direct_access()
    {
        using FramePool pool = new(new FramePoolOptions { FrameByteCount = 64 * KiB, FrameCount = 100 });
        Assert.Equal((nuint)0, pool.BaseAddress % (64 * KiB));
        for (uint frame = 0; frame < 100; frame++)
        {
            Assert.Equal(frame, pool.Allocate());
            Assert.Equal(pool.BaseAddress + (frame * 64 * KiB), pool.GetAddress(frame));
            Assert.True(pool.TryGetFrame(pool.GetAddress(frame) + 77, out uint found));
            Assert.Equal(frame, found);
        }

        Assert.False(pool.TryAllocate(out _));
        Assert.Contains("FrameCount", Assert.Throws<InsufficientMemoryException>(() => pool.Allocate()).Message, StringComparison.Ordinal);
        Assert.False(pool.TryGetFrame(pool.BaseAddress - 1, out _));
        Assert.False(pool.TryGetFrame(pool.BaseAddress + (6400 * KiB), out _));
        pool.Free(50);
        Assert.Equal(50u, pool.Allocate());
    }

    [Fact]
    public void A_pinned_frame_is_neither_freed_nor_given_back_nor_disposed_of()
    {
        FramePool pool = new(new FramePoolOptions { FrameByteCount = 8 * KiB, FrameCount = 10 });
        uint frame = pool.Allocate();
        Assert.Equal(pool.GetAddress(frame), pool.Pin(frame));
        Assert.True(pool.TryPin(frame));
        Assert.Equal(2u, pool.GetPinCount(frame));
        pool.GetSpan(frame).Fill(3);
        Assert.False(pool.TryFree(frame));
        Assert.False(pool.GiveBack(frame));
        Assert.False(pool.TryFreeAndGiveBack(frame));
        Assert.Throws<InvalidOperationException>(() => pool.Free(frame));
        Assert.Throws<InvalidOperationException>(pool.Dispose);
        Assert.Equal(-1, pool.GetSpan(frame).IndexOfAnyExcept((byte)3));
        pool.Unpin(frame);
        Assert.False(pool.TryFree(frame));
        pool.Unpin(frame);
        Assert.Throws<InvalidOperationException>(() => pool.Unpin(frame));
        pool.Free(frame);
        pool.Dispose();
    }

    [Fact]
    public void Frames_that_are_not_allocated_are_found_out()
    {
        using FramePool pool = new(new FramePoolOptions { FrameByteCount = 4 * KiB, FrameCount = 10 });
        uint frame = pool.Allocate();
        pool.Free(frame);
        foreach (uint wrong in (uint[])[frame, 5, 10, uint.MaxValue])
        {
            Assert.Throws<ArgumentException>(() => pool.Free(wrong));
            Assert.Throws<ArgumentException>(() => pool.TryFree(wrong));
            Assert.Throws<ArgumentException>(() => pool.GiveBack(wrong));
            Assert.Throws<ArgumentException>(() => pool.TryFreeAndGiveBack(wrong));
            Assert.Throws<ArgumentException>(() => pool.Unpin(wrong));
            Assert.False(pool.TryPin(wrong));
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => pool.GetAddress(10));
        Assert.Throws<ArgumentOutOfRangeException>(() => pool.GetPinCount(10));
        Assert.Equal(frame, pool.Allocate());
    }

    [CapabilityFact(Needs.Posix)]
    public void A_frame_that_is_given_back_is_no_longer_resident_and_reads_as_zeros()
    {
        using FramePool pool = new(new FramePoolOptions { FrameByteCount = 16 * KiB, FrameCount = 100 });
        for (int i = 0; i < 100; i++)
        {
            pool.GetSpan(pool.Allocate()).Fill(7);
        }

        Assert.Equal(1600 * KiB, TestArenas.ResidentByteCount(pool.BaseAddress, 1600 * KiB));
        Assert.True(pool.GiveBack(40));
        Assert.Equal((nuint)0, TestArenas.ResidentByteCount(pool.GetAddress(40), 16 * KiB));
        Assert.Equal(-1, pool.GetSpan(40).IndexOfAnyExcept((byte)0));
        Assert.True(pool.TryFreeAndGiveBack(41));
        Assert.Equal((nuint)0, TestArenas.ResidentByteCount(pool.GetAddress(41), 16 * KiB));
        Assert.Equal(-1, pool.GetSpan(39).IndexOfAnyExcept((byte)7));
        Assert.Equal(-1, pool.GetSpan(42).IndexOfAnyExcept((byte)7));
        Assert.Equal(32 * KiB, pool.GetStatistics().PurgedByteCount);
        Assert.Equal(41u, pool.Allocate());
        Assert.Equal(-1, pool.GetSpan(41).IndexOfAnyExcept((byte)0));
    }

    [CapabilityFact(Needs.Posix)]
    public void A_trim_gives_back_free_frames_in_as_many_calls_as_there_are_runs()
    {
        FaultInjectingPlatform counting = new(VmPlatform.Current);
        using FramePool pool = new(new FramePoolOptions { FrameByteCount = 16 * KiB, FrameCount = 256, Platform = counting });
        for (int i = 0; i < 256; i++)
        {
            pool.GetSpan(pool.Allocate()).Fill(7);
        }

        foreach (uint frame in Enumerable.Range(0, 256).Where(frame => frame is (>= 10 and < 60) or (>= 100 and < 200)).Select(frame => (uint)frame).OrderBy(frame => frame * 7919 % 256))
        {
            pool.Free(frame);
        }

        counting.Arm(FaultPlan.None);
        Assert.Equal(150 * 16 * KiB, pool.Trim());
        Assert.Equal(2, counting.CallCount);
        Assert.Equal(106 * 16 * KiB, TestArenas.ResidentByteCount(pool.BaseAddress, 4 * MiB));
        Assert.Equal((nuint)150, pool.GetStatistics().GivenBackCount);
        Assert.Equal((nuint)0, pool.Trim());
        for (int i = 0; i < 150; i++)
        {
            Assert.Equal(-1, pool.GetSpan(pool.Allocate()).IndexOfAnyExcept((byte)0));
        }

        pool.Free(3);
        pool.Free(4);
        Assert.Equal(16 * KiB, pool.Trim(16 * KiB));
    }

    [CapabilityFact(Needs.HugePages)]
    public void With_huge_pages_only_whole_ones_are_given_back_unless_asked()
    {
        using FramePool pool = new(new FramePoolOptions { FrameByteCount = 64 * KiB, FrameCount = 128, UsesHugePages = true });
        nuint huge = pool.Map.Platform.HugePageSize;
        Assert.Equal((nuint)0, pool.BaseAddress % huge);
        for (int i = 0; i < 128; i++)
        {
            pool.GetSpan(pool.Allocate()).Fill(7);
        }

        Assert.True(pool.GiveBack(1));
        Assert.Equal(-1, pool.GetSpan(1).IndexOfAnyExcept((byte)0));
        Assert.Equal(64 * KiB, TestArenas.ResidentByteCount(pool.GetAddress(1), 64 * KiB));
        Assert.True(pool.GiveBack(1, splitsHugePages: true));
        Assert.Equal((nuint)0, TestArenas.ResidentByteCount(pool.GetAddress(1), 64 * KiB));
        uint perHuge = (uint)(huge / (64 * KiB));
        for (uint frame = perHuge - 3; frame < (2 * perHuge) + 5; frame++)
        {
            pool.Free(frame);
        }

        Assert.Equal(huge, pool.Trim());
        Assert.Equal(8 * 64 * KiB, pool.Trim(splitsHugePages: true));
    }

    [Fact]
    public void A_wired_pool_is_locked_and_clears_what_is_given_back()
    {
        using FramePool pool = new(new FramePoolOptions { FrameByteCount = 4 * KiB, FrameCount = 4, IsWired = true, CommitStep = 1 });
        if (!pool.TryAllocate(out uint frame))
        {
            // The limit on locked memory of this process; the refusal has left nothing behind.
            Assert.Equal((nuint)0, pool.GetStatistics().CommittedByteCount);
            return;
        }

        pool.GetSpan(frame).Fill(1);
        Assert.True(pool.GiveBack(frame));
        Assert.Equal(-1, pool.GetSpan(frame).IndexOfAnyExcept((byte)0));
        pool.Free(frame);
        Assert.Equal((nuint)0, pool.Trim());
        Assert.Equal(4 * KiB, TestArenas.ResidentByteCount(pool.BaseAddress, 4 * KiB));
    }

    [Fact]
    public void All_frames_are_to_be_had_as_one_block()
    {
        using FramePool pool = new(new FramePoolOptions { FrameByteCount = 8 * KiB, FrameCount = 64 });
        Assert.Equal(VmResult.Success, pool.TryAllocateAll(out nuint address));
        Assert.Equal(pool.BaseAddress, address);
        Span<byte> all = TestArenas.Bytes(address, 512 * KiB);
        Assert.Equal(-1, all.IndexOfAnyExcept((byte)0));
        all.Fill(1);
        Assert.False(pool.TryAllocate(out _));
        Assert.Equal(VmResult.InvalidArgument, pool.TryAllocateAll(out _));
        Assert.Equal((nuint)64, pool.GetStatistics().AllocatedCount);
        pool.Free(63);
        Assert.Equal(63u, pool.Allocate());
        using FramePool limited = new(new FramePoolOptions { FrameByteCount = 8 * KiB, FrameCount = 64, MemoryLimit = 100 * KiB });
        Assert.Equal(VmResult.NoSpace, limited.TryAllocateAll(out _));
        for (int i = 0; i < 12; i++)
        {
            limited.Allocate();
        }

        Assert.Contains("MemoryLimit", Assert.Throws<InsufficientMemoryException>(() => limited.Allocate()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Wrong_arguments_and_use_after_disposal_throw()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new FramePool(new FramePoolOptions { FrameByteCount = 0, FrameCount = 1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FramePool(new FramePoolOptions { FrameByteCount = 4 * KiB, FrameCount = 0 }));
        Assert.Throws<ArgumentException>(() => new FramePool(new FramePoolOptions { FrameByteCount = 4000, FrameCount = 1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FramePool(new FramePoolOptions { FrameByteCount = (nuint)1 << 62, FrameCount = 8 }));
        FramePool pool = new(new FramePoolOptions { FrameByteCount = 4 * KiB, FrameCount = 10 });
        uint frame = pool.Allocate();
        pool.Dispose();
        pool.Dispose();
        Assert.Throws<ObjectDisposedException>(() => pool.Allocate());
        Assert.Throws<ObjectDisposedException>(() => pool.TryAllocate(out _));
        Assert.Throws<ObjectDisposedException>(() => pool.Free(frame));
        Assert.Throws<ObjectDisposedException>(() => pool.Pin(frame));
        Assert.Throws<ObjectDisposedException>(() => pool.Unpin(frame));
        Assert.Throws<ObjectDisposedException>(() => pool.GiveBack(frame));
        Assert.Throws<ObjectDisposedException>(() => pool.Trim());
        Assert.Throws<ObjectDisposedException>(() => pool.GetSpan(frame).Length);
        Assert.Throws<ObjectDisposedException>(() => pool.GetStatistics());
    }

    [Fact]
    public void No_operation_allocates_on_the_managed_heap()
    {
        using FramePool pool = new(new FramePoolOptions { FrameByteCount = 4 * KiB, FrameCount = 1000 });
        Assert.Equal(0, ManagedAllocations.Of(() =>
        {
            for (int i = 0; i < 500; i++)
            {
                uint frame = pool.Allocate();
                pool.Pin(frame);
                pool.Unpin(frame);
                if (i % 2 == 0)
                {
                    pool.GiveBack(frame);
                }

                pool.Free(frame);
            }

            pool.Trim();
        }));
    }
}
