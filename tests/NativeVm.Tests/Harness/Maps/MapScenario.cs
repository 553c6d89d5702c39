using NativeVm.Platform;
using NativeVm.Testing;

namespace NativeVm.Tests.Harness.Maps;

/// <summary>Operations of a map that is short of records.</summary>
public abstract class MapScenario : NativeScenario<MapState>
{
    private static readonly SimulatedPlatformOptions Rich =
        SimulatedPlatformOptions.PosixLike with { NumaNodeCount = 4, HugePagePoolByteCount = 8 * MapState.Huge };

    protected const nuint Page = MapState.Page;

    public override MapState SetUp(FaultPlatforms platforms) => new(platforms);

    public override void Verify(MapState state, bool succeeded) => state.Verify(succeeded);

    public override VmPlatform CreatePlatform(FaultSystems system) =>
        system == FaultSystems.PosixLike ? new SimulatedPlatform(Rich) : base.CreatePlatform(system);
}
