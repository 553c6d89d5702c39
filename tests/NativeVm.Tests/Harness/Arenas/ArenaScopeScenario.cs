using NativeVm.Testing;

namespace NativeVm.Tests.Harness.Arenas;

/// <summary>Scopes of guarded arenas, whose leaving takes pages away.</summary>
public sealed class ArenaScopeScenario : OwnerScenario<LinearArena>
{
    public override FaultSystems Systems => FaultSystems.Real;

    [Covers(typeof(ArenaScope), nameof(ArenaScope.Rewind))]
    public static bool Rewind(OwnerState<LinearArena> state)
    {
        ArenaScope scope = state.Owner.EnterScope();
        try
        {
            state.Owner.Allocate(100);
            scope.Rewind();
        }
        catch
        {
            LeaveAnyhow(ref scope);
            throw;
        }

        scope.Dispose();
        return true;
    }

    [Covers(typeof(ArenaScope), nameof(ArenaScope.Dispose))]
    public static bool Dispose(OwnerState<LinearArena> state)
    {
        ArenaScope scope = state.Owner.EnterScope();
        try
        {
            state.Owner.Allocate(100);
            scope.Dispose();
        }
        catch
        {
            LeaveAnyhow(ref scope);
            throw;
        }

        return true;
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

    // A scope that the system refuses to rewind can be left again; at most two calls are refused.
    private static void LeaveAnyhow(ref ArenaScope scope)
    {
        for (int tries = 0; ; tries++)
        {
            try
            {
                scope.Dispose();
                return;
            }
            catch (VmMapException) when (tries < 2)
            {
                continue;
            }
        }
    }
}
