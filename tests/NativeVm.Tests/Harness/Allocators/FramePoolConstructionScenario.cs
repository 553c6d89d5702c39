using NativeVm.Testing;

namespace NativeVm.Tests.Harness.Allocators;

/// <summary>A pool of frames made on a system that refuses.</summary>
public sealed class FramePoolConstructionScenario : NativeScenario<LifeState>
{
    // The records stay for calls that are late, until nobody references the pool.
    public override int KeptReservationCount => 2;

    public override LifeState SetUp(FaultPlatforms platforms) => new(platforms);

    public override void Verify(LifeState state, bool succeeded) => state.Verify(succeeded);

    [Covers(typeof(FramePool), "new")]
    public static bool FramePool(LifeState state) => state.Keep(new FramePool(new FramePoolOptions
    {
        FrameByteCount = 8192,
        FrameCount = 1000,
        Platform = state.Pages,
        MetadataPlatform = state.Metadata,
    }));
}
