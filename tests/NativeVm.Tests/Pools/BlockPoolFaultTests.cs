using NativeVm.Platform;
using NativeVm.Testing;
using NativeVm.Tests.Arenas;

namespace NativeVm.Tests.Pools;

/// <summary>Every call to the system refused, and no memory for records.</summary>
public sealed class BlockPoolFaultTests
{
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
