using NativeVm.Testing;

namespace NativeVm.Tests.Harness.Allocators;

/// <summary>A pool whose committed blocks and whose records are used up.</summary>
public sealed class BlockPoolScenario : OwnerScenario<BlockPool>
{
    [Covers(typeof(BlockPool), nameof(BlockPool.Allocate))]
    public static bool Allocate(OwnerState<BlockPool> state) => state.Owner.Allocate(out _) != 0;

    [Covers(typeof(BlockPool), nameof(BlockPool.TryAllocate))]
    public static bool TryAllocate(OwnerState<BlockPool> state) => state.Owner.TryAllocate(out _, out _);

    [EndsState]
    [Covers(typeof(BlockPool), nameof(BlockPool.Dispose))]
    public static bool Dispose(OwnerState<BlockPool> state)
    {
        state.Owner.Dispose();
        return true;
    }

    protected override BlockPool Make(FaultPlatforms platforms)
    {
        BlockPool pool = new(new BlockPoolOptions
        {
            BlockByteCount = 4096,
            Capacity = 100_000,
            Platform = platforms.Pages,
            MetadataPlatform = platforms.Metadata,
            ZeroesMemory = false,
        });

        // As many as the first records are good for, and then until the pages are used up as well.
        platforms.Pages.Arm(FaultPlan.When(static call => call.Source == "metadata"));
        while (platforms.Pages.InjectedCount == 0)
        {
            if (!pool.TryAllocate(out _, out _))
            {
                platforms.Pages.Disarm();
                pool.Allocate(out _);
                break;
            }
        }

        platforms.Pages.Arm(FaultPlan.When(static _ => true));
        while (pool.TryAllocate(out _, out _))
        {
        }

        platforms.Pages.Disarm();
        return pool;
    }

    protected override VmMap MapOf(BlockPool owner) => owner.Map;

    protected override object FiguresOf(BlockPool owner) => owner.GetStatistics() with { MetadataByteCount = 0 };
}
