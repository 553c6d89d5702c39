using NativeVm.Platform;
using NativeVm.Testing;

namespace NativeVm.Tests.Harness.Objects;

/// <summary>Snapshots of ranges in the states that the next one differs in.</summary>
public sealed class SnapshotScenario : NativeScenario<SnapshotSlot>
{
    public override FaultSystems Systems =>
        VmPlatform.Current.Supports(PlatformCapabilities.SharedMemoryObjects | PlatformCapabilities.Placeholders)
            ? FaultSystems.Real
            : FaultSystems.None;

    public override SnapshotSlot SetUp(FaultPlatforms platforms) => new(platforms);

    public override void Verify(SnapshotSlot state, bool succeeded) => state.State.Verify();

    [Covers(typeof(VmSnapshotRange), nameof(VmSnapshotRange.TryTake))]
    public static bool TakeFirst(SnapshotSlot state) => state.State.TakeFrom(state.State.UpToDate);

    [Covers(typeof(VmSnapshotRange), nameof(VmSnapshotRange.TryTake))]
    public static bool TakeAgain(SnapshotSlot state) => state.State.TakeFrom(state.State.Written);

    [Covers(typeof(VmSnapshotRange), nameof(VmSnapshotRange.TryTake))]
    public static bool TakeAnother(SnapshotSlot state) => state.State.TakeFrom(state.State.Watched);

    [Covers(typeof(VmSnapshotRange), nameof(VmSnapshotRange.Take))]
    public static bool Take(SnapshotSlot state)
    {
        state.Taken = state.State.Watched.Take();
        return true;
    }

    [Covers(typeof(VmSnapshotRange), nameof(VmSnapshotRange.TryMerge))]
    public static bool Merge(SnapshotSlot state) => state.State.Written.TryMerge().IsSuccess;

    [EndsState]
    [Covers(typeof(VmSnapshot), nameof(VmSnapshot.Dispose))]
    public static bool DisposeSnapshot(SnapshotSlot state)
    {
        _ = state.State.Watched.TryTake(out VmSnapshot? snapshot);
        snapshot?.Dispose();
        return true;
    }
}
