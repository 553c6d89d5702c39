using NativeVm.Platform;
using NativeVm.Testing;
using NativeVm.Tests.Arenas;

namespace NativeVm.Tests.Frames;

/// <summary>Every call to the system refused.</summary>
public sealed class FramePoolFaultTests
{
    private const nuint KiB = TestArenas.KiB;

    [Fact]
    public void A_refusal_leaves_the_pool_as_it_was()
    {
        Func<FramePool, bool>[] acts =
        [
            pool => pool.TryAllocate(out _),
            pool => pool.TryAllocateAll(out _).IsSuccess,
        ];
        foreach (FaultSweepOptions options in TestArenas.Simulated)
        {
            foreach (bool isWired in (bool[])[false, true])
            {
                foreach (Func<FramePool, bool> act in acts)
                {
                    FaultSweepReport report = FaultSweep.Run(
                        platform => new State(platform, isWired), state => act(state.Pool), (state, isDone) => state.Verify(isDone), options);
                    Assert.True(report.InjectedCount > 0, "Something was refused.");
                }
            }
        }
    }

    [Fact]
    public void A_refusal_to_take_pages_back_is_survived_on_real_pages()
    {
        Func<FramePool, bool>[] acts = [pool => pool.GiveBack(5), pool => pool.TryFreeAndGiveBack(6), pool => pool.Trim() != 0];
        foreach (Func<FramePool, bool> act in acts)
        {
            FaultSweepReport report = FaultSweep.Run(Filled, act, (pool, _) => CheckFilled(pool), TestArenas.Real);
            Assert.True(report.InjectedCount > 0, "Something was refused.");
        }
    }

    private static FramePool Filled(VmPlatform platform)
    {
        FramePool pool = new(new FramePoolOptions { FrameByteCount = 8 * KiB, FrameCount = 32, Platform = platform });
        for (int i = 0; i < 32; i++)
        {
            uint frame = pool.Allocate();
            pool.GetSpan(frame).Fill((byte)(frame + 1));
        }

        pool.Free(10);
        pool.Free(11);
        pool.Free(20);
        return pool;
    }

    private static void CheckFilled(FramePool pool)
    {
        for (uint frame = 0; frame < 32; frame++)
        {
            if (frame is not (5 or 6 or 10 or 11 or 20))
            {
                Assert.Equal(-1, pool.GetSpan(frame).IndexOfAnyExcept((byte)(frame + 1)));
            }
        }

        FramePoolStatistics statistics = pool.GetStatistics();
        Assert.Equal((nuint)32, statistics.AllocatedCount + statistics.RetainedCount + statistics.GivenBackCount);
        uint again = pool.Allocate();
        Assert.Equal(-1, pool.GetSpan(again).IndexOfAnyExcept((byte)0));
        pool.Free(again);
    }

    private sealed class State : IDisposable
    {
        private readonly VmPlatform _platform;
        private readonly FramePoolStatistics _before;
        private readonly string _picture;

        public State(VmPlatform platform, bool isWired)
        {
            _platform = platform;
            Pool = new FramePool(new FramePoolOptions
            {
                FrameByteCount = 16 * KiB,
                FrameCount = 1000,
                Platform = platform,
                ZeroesMemory = false,
                IsWired = isWired,
            });
            _before = Pool.GetStatistics();
            _picture = TestArenas.Picture(platform);
        }

        public FramePool Pool { get; }

        public void Verify(bool isDone)
        {
            Pool.Map.Validate();
            Assert.Equal(Pool.Map.GetStatistics().CommittedByteCount, Pool.GetStatistics().CommittedByteCount);
            if (!isDone)
            {
                Assert.Equal(_before with { MetadataByteCount = Pool.GetStatistics().MetadataByteCount }, Pool.GetStatistics());
                Assert.Equal(_picture, TestArenas.Picture(_platform));
            }
        }

        public void Dispose() => Pool.Dispose();
    }
}
