using NativeVm.Testing;

namespace NativeVm.Tests.Harness.Arenas;

/// <summary>An arena with both ends at the end of what is committed, or with pages to give back.</summary>
public sealed class DoubleEndedArenaScenario : OwnerScenario<DoubleEndedArena>
{
    private const nuint KiB = 1 << 10;

    [Covers(typeof(DoubleEndedArena), nameof(DoubleEndedArena.AllocateLow))]
    public static bool AllocateLow(OwnerState<DoubleEndedArena> state) => state.Owner.AllocateLow(1024 * KiB) != 0;

    [Covers(typeof(DoubleEndedArena), nameof(DoubleEndedArena.AllocateHigh))]
    public static bool AllocateHigh(OwnerState<DoubleEndedArena> state) => state.Owner.AllocateHigh(1024 * KiB) != 0;

    [Covers(typeof(DoubleEndedArena), nameof(DoubleEndedArena.TryAllocate))]
    public static bool TryAllocateHigh(OwnerState<DoubleEndedArena> state) =>
        state.Owner.TryAllocate(ArenaEnd.High, 1024 * KiB, 64, out _);

    [Covers(typeof(DoubleEndedArena), nameof(DoubleEndedArena.Trim))]
    public static bool Trim(OwnerState<DoubleEndedArena> state) => state.Owner.Trim().IsSuccess;

    [EndsState]
    [Covers(typeof(DoubleEndedArena), nameof(DoubleEndedArena.Dispose))]
    public static bool Dispose(OwnerState<DoubleEndedArena> state)
    {
        state.Owner.Dispose();
        return true;
    }

    protected override DoubleEndedArena Make(FaultPlatforms platforms)
    {
        DoubleEndedArena arena = new(new DoubleEndedArenaOptions
        {
            ByteCount = 16384 * KiB,
            Platform = platforms.Pages,
            MetadataPlatform = platforms.Metadata,
            ZeroesMemory = false,
        });
        foreach (ArenaEnd end in (ArenaEnd[])[ArenaEnd.Low, ArenaEnd.High])
        {
            using DoubleEndedArenaScope scope = arena.EnterScope(end);
            Assert.True(arena.TryAllocate(end, 400 * KiB, 8, out _));
        }

        arena.AllocateLow(10 * KiB);
        arena.AllocateHigh(10 * KiB);
        return arena;
    }

    protected override VmMap MapOf(DoubleEndedArena owner) => owner.Map;

    protected override object FiguresOf(DoubleEndedArena owner) => owner.GetStatistics();
}
