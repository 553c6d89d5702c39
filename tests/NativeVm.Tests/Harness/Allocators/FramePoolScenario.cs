using NativeVm.Testing;

namespace NativeVm.Tests.Harness.Allocators;

/// <summary>A pool of which nothing is committed yet.</summary>
public sealed class FramePoolScenario : OwnerScenario<FramePool>
{
    // The records stay for calls that are late, until nobody references the pool.
    public override int KeptReservationCount => 2;

    [Covers(typeof(FramePool), nameof(FramePool.Allocate))]
    public static bool Allocate(OwnerState<FramePool> state) => state.Owner.Allocate() < 1000;

    [Covers(typeof(FramePool), nameof(FramePool.TryAllocate))]
    public static bool TryAllocate(OwnerState<FramePool> state) => state.Owner.TryAllocate(out _);

    [Covers(typeof(FramePool), nameof(FramePool.TryAllocateAll))]
    public static bool TryAllocateAll(OwnerState<FramePool> state) => state.Owner.TryAllocateAll(out _).IsSuccess;

    [EndsState]
    [Covers(typeof(FramePool), nameof(FramePool.Dispose))]
    public static bool Dispose(OwnerState<FramePool> state)
    {
        state.Owner.Dispose();
        return true;
    }

    protected override FramePool Make(FaultPlatforms platforms) => new(new FramePoolOptions
    {
        FrameByteCount = 16 << 10,
        FrameCount = 1000,
        Platform = platforms.Pages,
        MetadataPlatform = platforms.Metadata,
        ZeroesMemory = false,
        IsWired = true,
    });

    protected override VmMap MapOf(FramePool owner) => owner.Map;

    protected override object FiguresOf(FramePool owner) => owner.GetStatistics() with { MetadataByteCount = 0 };
}
