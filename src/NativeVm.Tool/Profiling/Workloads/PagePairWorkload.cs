using NativeVm.Tool.Profiling.Allocators;
using NativeVm.Tool.Profiling.Memory;
using NativeVm.Tool.Reports;

namespace NativeVm.Tool.Profiling.Workloads;

/// <summary>Allocates a run of pages and frees it at once, untouched: what the bookkeeping costs.</summary>
internal sealed class PagePairWorkload : IWorkload
{
    /// <inheritdoc/>
    public string Name => "page-pair";

    /// <inheritdoc/>
    public string Description => "allocate a run of pages and free it, untouched";

    /// <inheritdoc/>
    public IEnumerable<ProfileCase> CreateCases(ProfileSettings settings) => settings
        .SizesBetween(1, ulong.MaxValue, 64 << 10, 1 << 20, 4 << 20)
        .Select(size => new ProfileCase(
            Name,
            Quantity.Bytes(size),
            new Dictionary<string, long> { ["bytes"] = (long)size },
            MemoryLanes.Of(AllocatorUses.Pages, settings, new PairMaker([(nuint)size])))
        {
            IsSeparate = true,
        });
}
