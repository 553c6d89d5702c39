using NativeVm.Testing;
using NativeVm.Tests.Harness.Maps;

namespace NativeVm.Tests.Harness.Objects;

/// <summary>What lies over memory objects, made in a map that is short of records.</summary>
public sealed class ObjectInMapScenario : MapScenario
{
    private const nuint ByteCount = 64 << 10;

    public override FaultSystems Systems => FaultSystems.PosixLike;

    [Covers(typeof(MirroredBuffer), nameof(MirroredBuffer.TryCreate))]
    public static bool Mirror(MapState state)
    {
        VmResult result = MirroredBuffer.TryCreate(
            new MirroredBufferOptions { ByteCount = ByteCount, Map = state.Map }, out MirroredBuffer? made);
        return Keep(state, result, made);
    }

    [Covers(typeof(DualMapping), nameof(DualMapping.TryCreate))]
    public static bool MapTwice(MapState state)
    {
        VmResult result = DualMapping.TryCreate(
            new DualMappingOptions { ByteCount = ByteCount, Map = state.Map }, out DualMapping? made);
        return Keep(state, result, made);
    }

    [Covers(typeof(VmSnapshotRange), nameof(VmSnapshotRange.TryCreate))]
    public static bool MakeSnapshotRange(MapState state)
    {
        VmResult result = VmSnapshotRange.TryCreate(
            new VmSnapshotOptions { ByteCount = ByteCount, Map = state.Map }, out VmSnapshotRange? made);
        return Keep(state, result, made);
    }

    private static bool Keep(MapState state, VmResult result, IDisposable? made)
    {
        Assert.Equal(result.IsSuccess, made is not null);
        state.Made = made;
        return result.IsSuccess;
    }
}
