using System.Runtime.CompilerServices;
using NativeVm.Testing;

namespace NativeVm.Tests.Harness.Arenas;

/// <summary>An arena on real pages, each allocation with pages and a record of its own, the records used up.</summary>
public sealed class GuardedArenaScenario : OwnerScenario<LinearArena>
{
    public override FaultSystems Systems => FaultSystems.Real;

    [Covers(typeof(LinearArena), "Allocate()")]
    public static bool AllocateValue(OwnerState<LinearArena> state)
    {
        ref long value = ref state.Owner.Allocate<long>();
        value = 1;
        return !Unsafe.IsNullRef(ref value);
    }

    [Covers(typeof(LinearArena), nameof(LinearArena.AllocateSpan))]
    public static bool AllocateSpan(OwnerState<LinearArena> state) => state.Owner.AllocateSpan<int>(3000).Length == 3000;

    [Covers(typeof(LinearArena), nameof(LinearArena.AllocateCopy))]
    public static bool AllocateCopy(OwnerState<LinearArena> state) => state.Owner.AllocateCopy<int>([1, 2, 3])[2] == 3;

    [Covers(typeof(LinearArena), nameof(LinearArena.TryAllocate))]
    public static bool TryAllocate(OwnerState<LinearArena> state) => state.Owner.TryAllocate(10_000, 16, out _);

    [Covers(typeof(LinearArena), "Reset()")]
    public static bool Reset(OwnerState<LinearArena> state)
    {
        state.Owner.Reset();
        return true;
    }

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
            ByteCount = 64 << 20,
            Platform = platforms.Pages,
            MetadataPlatform = platforms.Metadata,
            Checks = ArenaChecks.Guards | ArenaChecks.FillPatterns,
        });
        for (int i = 0; i < 3; i++)
        {
            arena.AllocateSpan<byte>(100).Fill((byte)i);
        }

        return arena;
    }

    protected override VmMap MapOf(LinearArena owner) => owner.Map;

    protected override object FiguresOf(LinearArena owner) => owner.GetStatistics();

    protected override void Check(LinearArena owner) => owner.CheckRedZones();
}
