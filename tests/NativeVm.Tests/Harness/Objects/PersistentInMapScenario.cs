using NativeVm.Platform;
using NativeVm.Testing;

namespace NativeVm.Tests.Harness.Objects;

/// <summary>Files of arenas opened and made in a map that is short of records.</summary>
public sealed class PersistentInMapScenario : NativeScenario<PersistentMapState>
{
    public override FaultSystems Systems =>
        VmPlatform.Current.Supports(PlatformCapabilities.SharedMemoryObjects | PlatformCapabilities.Placeholders)
            ? FaultSystems.Real
            : FaultSystems.None;

    public override PersistentMapState SetUp(FaultPlatforms platforms) => new(platforms);

    public override void Verify(PersistentMapState state, bool succeeded) => state.Verify(succeeded);

    [Covers(typeof(PersistentArena), nameof(PersistentArena.TryOpen))]
    public static bool Open(PersistentMapState state) => state.Open();
}
