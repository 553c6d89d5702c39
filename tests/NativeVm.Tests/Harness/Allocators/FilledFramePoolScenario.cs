using NativeVm.Testing;

namespace NativeVm.Tests.Harness.Allocators;

/// <summary>A pool on real pages, filled, with some frames free: what is in the others stays.</summary>
public sealed class FilledFramePoolScenario : NativeScenario<FramePool>
{
    private const uint Count = 32;

    public override FaultSystems Systems => FaultSystems.Real;

    // The records stay for calls that are late, until nobody references the pool.
    public override int KeptReservationCount => 2;

    public override FramePool SetUp(FaultPlatforms platforms)
    {
        FramePool pool = new(new FramePoolOptions
        {
            FrameByteCount = 8 << 10,
            FrameCount = Count,
            Platform = platforms.Pages,
            MetadataPlatform = platforms.Metadata,
        });
        for (uint i = 0; i < Count; i++)
        {
            uint frame = pool.Allocate();
            pool.GetSpan(frame).Fill((byte)(frame + 1));
        }

        pool.Free(10);
        pool.Free(11);
        pool.Free(20);
        return pool;
    }

    public override void Verify(FramePool state, bool succeeded)
    {
        state.Map.Validate();
        for (uint frame = 0; frame < Count; frame++)
        {
            if (frame is not (5 or 6 or 10 or 11 or 20))
            {
                Assert.Equal(-1, state.GetSpan(frame).IndexOfAnyExcept((byte)(frame + 1)));
            }
        }

        FramePoolStatistics statistics = state.GetStatistics();
        Assert.Equal((nuint)Count, statistics.AllocatedCount + statistics.RetainedCount + statistics.GivenBackCount);
        uint again = state.Allocate();
        Assert.Equal(-1, state.GetSpan(again).IndexOfAnyExcept((byte)0));
        state.Free(again);
    }

    [Covers(typeof(FramePool), nameof(FramePool.GiveBack))]
    public static bool GiveBack(FramePool state) => state.GiveBack(5);

    [Covers(typeof(FramePool), nameof(FramePool.TryFreeAndGiveBack))]
    public static bool TryFreeAndGiveBack(FramePool state) => state.TryFreeAndGiveBack(6);

    [Covers(typeof(FramePool), nameof(FramePool.Trim))]
    public static bool Trim(FramePool state) => state.Trim() != 0;
}
