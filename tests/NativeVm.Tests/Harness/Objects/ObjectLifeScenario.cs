using NativeVm.Testing;

namespace NativeVm.Tests.Harness.Objects;

/// <summary>Objects over memory objects: disposed of, and published.</summary>
public sealed class ObjectLifeScenario : NativeScenario<LifeState>
{
    public override LifeState SetUp(FaultPlatforms platforms) => new(platforms);

    public override void Verify(LifeState state, bool succeeded)
    {
    }

    [EndsState]
    [Covers(typeof(MirroredBuffer), nameof(MirroredBuffer.Dispose))]
    public static bool DisposeMirroredBuffer(LifeState state)
    {
        MirroredBuffer.TryCreate(new MirroredBufferOptions { ByteCount = 1 << 20, Platform = state.Pages }, out MirroredBuffer? buffer);
        buffer?.Dispose();
        return true;
    }

    [EndsState]
    [Covers(typeof(DualMapping), nameof(DualMapping.Dispose))]
    public static bool DisposeDualMapping(LifeState state)
    {
        DualMapping.TryCreate(new DualMappingOptions { ByteCount = 1 << 20, Platform = state.Pages }, out DualMapping? mapping);
        mapping?.Dispose();
        return true;
    }

    [EndsState]
    [Covers(typeof(VmSnapshotRange), nameof(VmSnapshotRange.Dispose))]
    public static bool DisposeSnapshotRange(LifeState state)
    {
        VmSnapshotRange.TryCreate(new VmSnapshotOptions { ByteCount = 1 << 20, Platform = state.Pages }, out VmSnapshotRange? range);
        range?.Dispose();
        return true;
    }
}
