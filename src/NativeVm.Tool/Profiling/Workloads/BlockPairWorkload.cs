using NativeVm.Tool.Profiling.Allocators;
using NativeVm.Tool.Profiling.Memory;
using NativeVm.Tool.Reports;

namespace NativeVm.Tool.Profiling.Workloads;

/// <summary>Allocates a small block and frees it at once.</summary>
internal sealed class BlockPairWorkload : IWorkload
{
    /// <summary>The name of the workload.</summary>
    public const string WorkloadName = "block-pair";

    private const int SizeCount = 1024;
    private const int Seed = 7;

    /// <inheritdoc/>
    public string Name => WorkloadName;

    /// <inheritdoc/>
    public string Description => "allocate a block of 16 to 1,024 bytes and free it";

    /// <inheritdoc/>
    public IEnumerable<ProfileCase> CreateCases(ProfileSettings settings)
    {
        if (settings.Sizes.Count == 0)
        {
            Random random = new(Seed);
            nuint[] sizes = [.. Enumerable.Range(0, SizeCount).Select(_ => (nuint)random.Next(BlockSizes.Smallest, BlockSizes.Largest + 1))];
            return [Case(settings, BlockSizes.Title, 0, sizes)];
        }

        return settings.SizesBetween(1, BlockSizes.LargestAsked)
            .Select(size => Case(settings, Quantity.Bytes(size), (long)size, [(nuint)size]));
    }

    private ProfileCase Case(ProfileSettings settings, string title, long bytes, nuint[] sizes) => new(
        Name,
        title,
        new Dictionary<string, long> { ["bytes"] = bytes },
        MemoryLanes.Of(AllocatorUses.Blocks, settings, new PairMaker(sizes)))
    {
        IsSeparate = true,
    };
}
