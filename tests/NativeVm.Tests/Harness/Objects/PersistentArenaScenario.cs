using NativeVm.Platform;
using NativeVm.Testing;

namespace NativeVm.Tests.Harness.Objects;

/// <summary>An open file of an arena: what was flushed stays.</summary>
public sealed class PersistentArenaScenario : NativeScenario<PersistentState>
{
    public override FaultSystems Systems =>
        VmPlatform.Current.Supports(PlatformCapabilities.SharedMemoryObjects | PlatformCapabilities.Placeholders)
            ? FaultSystems.Real
            : FaultSystems.None;

    public override PersistentState SetUp(FaultPlatforms platforms) => new(platforms, isOpen: true);

    public override void Verify(PersistentState state, bool succeeded) => state.Verify();

    [Covers(typeof(PersistentArena), nameof(PersistentArena.TryAllocate))]
    public static bool TryAllocate(PersistentState state) => state.Arena!.TryAllocate(3 << 20, 64, out _);

    [Covers(typeof(PersistentArena), nameof(PersistentArena.Allocate))]
    public static bool Allocate(PersistentState state) => state.Arena!.Allocate(3 << 20) != 0;

    [Covers(typeof(PersistentArena), nameof(PersistentArena.TryFlush))]
    public static bool TryFlush(PersistentState state) => state.Arena!.TryFlush(out _);

    [Covers(typeof(PersistentArena), nameof(PersistentArena.Flush))]
    public static bool Flush(PersistentState state)
    {
        state.Arena!.Flush();
        return true;
    }

    [Covers(typeof(PersistentArena), nameof(PersistentArena.CheckLength))]
    public static bool CheckLength(PersistentState state) => state.Arena!.CheckLength().Error == PersistentArenaError.None;

    [EndsState]
    [Covers(typeof(PersistentArena), nameof(PersistentArena.Dispose))]
    public static bool Dispose(PersistentState state)
    {
        state.Arena!.Dispose();
        return true;
    }
}
