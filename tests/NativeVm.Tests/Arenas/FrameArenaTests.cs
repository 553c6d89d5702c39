using NativeVm.Platform;
using NativeVm.Testing;
using NativeVm.Tests.Support;

namespace NativeVm.Tests.Arenas;

public sealed class FrameArenaTests
{
    private const nuint KiB = TestArenas.KiB;
    private const nuint MiB = TestArenas.MiB;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void What_a_frame_allocates_lives_until_the_ring_comes_round(int frameCount)
    {
        using FrameArena arena = new(new FrameArenaOptions { FrameByteCount = MiB, FrameCount = frameCount });
        Random random = new(frameCount);
        Queue<List<(nuint Address, nuint ByteCount, byte Pattern)>> frames = new();
        for (int number = 0; number < 100; number++)
        {
            List<(nuint, nuint, byte)> frame = [];
            for (int i = 0; i < 20; i++)
            {
                nuint byteCount = (nuint)random.Next(5000);
                nuint address = arena.Allocate(byteCount);
                Span<byte> bytes = TestArenas.Bytes(address, byteCount);
                Assert.Equal(-1, bytes.IndexOfAnyExcept((byte)0));
                bytes.Fill((byte)(number + 1));
                frame.Add((address, byteCount, (byte)(number + 1)));
            }

            frames.Enqueue(frame);
            foreach ((nuint address, nuint byteCount, byte pattern) in frames.SelectMany(list => list))
            {
                Assert.Equal(-1, TestArenas.Bytes(address, byteCount).IndexOfAnyExcept(pattern));
            }

            arena.AdvanceFrame();
            if (frames.Count == frameCount)
            {
                frames.Dequeue();
            }
        }

        Assert.Equal(100ul, arena.FrameNumber);
    }

    [Fact]
    public void Steady_frames_ask_nothing_of_the_system_and_nothing_of_the_managed_heap()
    {
        FaultInjectingPlatform counting = new(VmPlatform.Current);
        using FrameArena arena = new(new FrameArenaOptions { FrameByteCount = 4 * MiB, FrameCount = 3, Platform = counting });
        void RunFrames()
        {
            for (int i = 0; i < 30; i++)
            {
                arena.AllocateSpan<int>(100_000)[99_999] = 1;
                arena.Allocate(24);
                arena.AdvanceFrame();
            }
        }

        RunFrames();
        counting.Arm(FaultPlan.None);
        Assert.Equal(0, ManagedAllocations.Of(RunFrames));
        Assert.Equal(0, counting.CallCount);
    }

    [Fact]
    public void Pages_beyond_what_is_retained_go_back()
    {
        using FrameArena arena = new(new FrameArenaOptions { FrameByteCount = 4 * MiB, FrameCount = 2, RetainedByteCount = 64 * KiB });
        nuint address = arena.Allocate(3 * MiB);
        TestArenas.Bytes(address, 3 * MiB).Fill(1);
        arena.AdvanceFrame();
        arena.AdvanceFrame();
        Assert.Equal(64 * KiB, arena.GetStatistics().CommittedByteCount);
        Assert.False(TestArenas.IsCommitted(address + (64 * KiB)));
    }

    [Fact]
    public void A_frame_with_a_scope_in_use_is_not_begun()
    {
        using FrameArena arena = new(new FrameArenaOptions { FrameByteCount = MiB, FrameCount = 2 });
        ArenaScope scope = arena.Current.EnterScope();
        arena.AdvanceFrame();
        Assert.Throws<InvalidOperationException>(arena.AdvanceFrame);
        Assert.Equal(1ul, arena.FrameNumber);
        scope.Dispose();
        arena.AdvanceFrame();
    }

    [Fact]
    public void Misuse_throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new FrameArena(new FrameArenaOptions { FrameByteCount = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FrameArena(new FrameArenaOptions { FrameByteCount = MiB, FrameCount = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FrameArena(new FrameArenaOptions { FrameByteCount = nuint.MaxValue / 2, FrameCount = 4 }));
        FrameArena arena = new(new FrameArenaOptions { FrameByteCount = MiB });
        arena.Dispose();
        arena.Dispose();
        Assert.Throws<ObjectDisposedException>(() => arena.Allocate(1));
        Assert.Throws<ObjectDisposedException>(arena.AdvanceFrame);
        Assert.Throws<ObjectDisposedException>(() => arena.GetStatistics());
    }

    [Fact]
    public void A_frame_is_begun_even_if_the_system_will_not_take_pages_back()
    {
        foreach (FaultSweepOptions options in TestArenas.Simulated)
        {
            FaultSweep.Run(
                platform => Make(platform),
                arena => arena.AdvanceFrame().AllocatedByteCount == 0,
                (arena, isDone) => Assert.True(isDone && arena.FrameNumber == 2, "It is begun."),
                options);
        }
    }

    private static FrameArena Make(VmPlatform platform)
    {
        FrameArena arena = new(new FrameArenaOptions
        {
            FrameByteCount = MiB,
            FrameCount = 2,
            RetainedByteCount = 64 * KiB,
            Platform = platform,
            ZeroesMemory = false,
        });
        arena.Allocate(MiB / 2);
        arena.AdvanceFrame();
        return arena;
    }
}
