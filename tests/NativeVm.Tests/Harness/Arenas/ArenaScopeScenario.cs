using NativeVm.Testing;

namespace NativeVm.Tests.Harness.Arenas;

/// <summary>Scopes of guarded arenas, whose leaving takes pages away.</summary>
public sealed class ArenaScopeScenario : OwnerScenario<LinearArena>
{
    public override FaultSystems Systems => FaultSystems.Real;

    [Covers(typeof(ArenaScope), nameof(ArenaScope.Rewind))]
    public static bool Rewind(OwnerState<LinearArena> state)
    {
        using ArenaScope scope = state.Owner.EnterScope();
        state.Owner.Allocate(100);
        scope.Rewind();
        return true;
    }

    [Covers(typeof(ArenaScope), nameof(ArenaScope.Dispose))]
    public static bool Dispose(OwnerState<LinearArena> state)
    {
        using ArenaScope scope = state.Owner.EnterScope();
        return state.Owner.Allocate(100) != 0;
    }

    protected override LinearArena Make(FaultPlatforms platforms)
    {
        LinearArena arena = new(new LinearArenaOptions
        {
            ByteCount = 1 << 20,
            Platform = platforms.Pages,
            MetadataPlatform = platforms.Metadata,
            Checks = ArenaChecks.Guards,
        });
        arena.Allocate(100);
        return arena;
    }

    protected override VmMap MapOf(LinearArena owner) => owner.Map;

    protected override object FiguresOf(LinearArena owner) =>
        owner.GetStatistics() with { PeakByteCount = 0, CommittedByteCount = owner.Map.GetStatistics().CommittedByteCount };
}
