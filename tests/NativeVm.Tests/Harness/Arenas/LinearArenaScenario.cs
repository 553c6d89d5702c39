using NativeVm.Testing;

namespace NativeVm.Tests.Harness.Arenas;

/// <summary>An arena shortly before the end of what it has committed, with pages above that it could give back.</summary>
public sealed class LinearArenaScenario : OwnerScenario<LinearArena>
{
    private const nuint KiB = 1 << 10;

    [Covers(typeof(LinearArena), "Allocate(nuint)")]
    public static bool Allocate(OwnerState<LinearArena> state) => state.Owner.Allocate(1024 * KiB) != 0;

    [Covers(typeof(LinearArena), "Allocate(nuint, nuint)")]
    public static bool AllocateAligned(OwnerState<LinearArena> state) => state.Owner.Allocate(1024 * KiB, 4096) != 0;

    [Covers(typeof(LinearArena), nameof(LinearArena.TryAllocate))]
    public static bool TryAllocate(OwnerState<LinearArena> state) => state.Owner.TryAllocate(100 * KiB, 8, out _);

    [Covers(typeof(LinearArena), "Reset(nuint)")]
    public static bool ResetAndKeep(OwnerState<LinearArena> state) => state.Owner.Reset(4096).IsSuccess;

    [Covers(typeof(LinearArena), nameof(LinearArena.Trim))]
    public static bool Trim(OwnerState<LinearArena> state) => state.Owner.Trim().IsSuccess;

    [EndsState]
    [Covers(typeof(LinearArena), nameof(LinearArena.Dispose))]
    public static bool Dispose(OwnerState<LinearArena> state)
    {
        state.Owner.Dispose();
        return true;
    }

    protected override LinearArena Make(FaultPlatforms platforms)
    {
        LinearArena arena = new(new LinearArenaOptions
        {
            ByteCount = 16384 * KiB,
            Platform = platforms.Pages,
            MetadataPlatform = platforms.Metadata,
            ZeroesMemory = false,
        });
        using (arena.EnterScope())
        {
            arena.Allocate(400 * KiB);
        }

        arena.Allocate(arena.GetStatistics().CommittedByteCount - (64 * KiB));
        return arena;
    }

    protected override VmMap MapOf(LinearArena owner) => owner.Map;

    protected override object FiguresOf(LinearArena owner) => owner.GetStatistics();
}
