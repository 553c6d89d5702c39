using NativeVm.Platform;
using NativeVm.Testing;

namespace NativeVm.Tests.Harness.Objects;

/// <summary>Files of arenas opened and made.</summary>
public sealed class PersistentOpeningScenario : NativeScenario<PersistentState>
{
    // Where a reservation has to go before a view can take its place, anybody may take the address in between.
    public override FaultSystems Systems =>
        VmPlatform.Current.Supports(PlatformCapabilities.SharedMemoryObjects | PlatformCapabilities.Placeholders)
            ? FaultSystems.Real
            : FaultSystems.None;

    public override PersistentState SetUp(FaultPlatforms platforms) => new(platforms, isOpen: false);

    public override void Verify(PersistentState state, bool succeeded)
    {
        Assert.Equal(succeeded, state.Arena is not null);
        state.Verify();
    }

    [Covers(typeof(PersistentArena), nameof(PersistentArena.Open))]
    public static bool Open(PersistentState state)
    {
        state.Arena = PersistentArena.Open(state.Existing);
        return true;
    }

    [Covers(typeof(PersistentArena), nameof(PersistentArena.TryOpen))]
    public static bool Make(PersistentState state)
    {
        bool isOpen = PersistentArena.TryOpen(state.Fresh, out PersistentArena? arena, out PersistentArenaFailure failure);
        Assert.Equal(isOpen, failure.Error == PersistentArenaError.None);
        state.Arena = arena;
        return isOpen;
    }
}
