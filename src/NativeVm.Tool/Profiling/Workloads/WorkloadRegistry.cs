using NativeVm.Tool.Profiling.Maps;

namespace NativeVm.Tool.Profiling.Workloads;

/// <summary>All workloads, in the order in which they run.</summary>
internal static class WorkloadRegistry
{
    /// <summary>The workloads.</summary>
    public static IReadOnlyList<IWorkload> All { get; } =
    [
        new PagePairWorkload(),
        new PageTouchWorkload(),
        new PageReplaceWorkload(isTouched: false),
        new PageReplaceWorkload(isTouched: true),
        new BlockPairWorkload(),
        new BlockReplaceWorkload(),
        new BumpWorkload(),
        new ThreadsWorkload(),
        new TraceWorkload(),
        new FirstTouchWorkload(),
        new MapWorkload("map-churn", "replace a random entry: remove, find first fit, insert", LaneMakers.Churn) { IsInQuick = true },
        new MapWorkload("map-aligned", "the same, a fifth of the requests aligned to 16 or 512 pages", LaneMakers.Aligned),
        new MapWorkload("map-tail", "map-churn, each operation timed alone: the distribution", LaneMakers.Tail) { ShowsMachine = true },
        new MapWorkload("map-hinted", "find space from a random page on", LaneMakers.Hinted),
        new MapWorkload("map-lookup", "find the entry of a random page", LaneMakers.Lookup) { IsInQuick = true },
        new MapAdversarialWorkload(),
    ];
}
