using NativeVm.Testing;

namespace NativeVm.Tests.Harness.Allocators;

/// <summary>A pool with free blocks between those in use.</summary>
public sealed class BlockPoolTrimScenario : OwnerScenario<BlockPool>
{
    [Covers(typeof(BlockPool), nameof(BlockPool.Trim))]
    public static bool Trim(OwnerState<BlockPool> state) => state.Owner.Trim().IsSuccess;

    protected override BlockPool Make(FaultPlatforms platforms)
    {
        BlockPool pool = new(new BlockPoolOptions
        {
            BlockByteCount = 4096,
            Capacity = 10_000,
            Platform = platforms.Pages,
            MetadataPlatform = platforms.Metadata,
            ZeroesMemory = false,
        });
        List<BlockHandle> handles = [];
        for (int i = 0; i < 100; i++)
        {
            pool.Allocate(out BlockHandle handle);
            handles.Add(handle);
        }

        foreach (BlockHandle handle in handles.Skip(20).Take(30))
        {
            pool.Free(handle);
        }

        return pool;
    }

    protected override VmMap MapOf(BlockPool owner) => owner.Map;

    protected override object FiguresOf(BlockPool owner) => owner.GetStatistics() with { MetadataByteCount = 0 };
}
