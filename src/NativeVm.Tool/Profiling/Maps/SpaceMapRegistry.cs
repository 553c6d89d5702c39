using NativeVm.Index.Tree;
using NativeVm.Platform;
using NativeVm.Tool.Profiling.Maps.GapTree;

namespace NativeVm.Tool.Profiling.Maps;

/// <summary>The contenders of the map workloads; ours is the first, by which the others are measured.</summary>
internal static class SpaceMapRegistry
{
    // A linear scan of more than this many entries only keeps the others waiting.
    private const int LargestLinearScan = 10_000;

    /// <summary>A lane for each contender.</summary>
    /// <param name="live">Entries in the map.</param>
    /// <param name="pageCount">Pages that the map spans.</param>
    /// <param name="make">Makes the lanes; called with each kind of map.</param>
    /// <param name="isExact">Whether only those contend that find the lowest fit, whatever the alignment.</param>
    public static IReadOnlyList<LaneSource> Lanes(int live, ulong pageCount, ILaneMaker make, bool isExact = false)
    {
        List<LaneSource> lanes =
        [
            new("NativeVm", () => make.Make(new VmMapSpace(pageCount), live)),
            new("index alone", () => make.Make(new IndexSpace(new BPlusTreeIndex(VmPlatform.Current, 0, pageCount)), live)),
            new("gap tree", () => make.Make(new IndexSpace(new AvlEntryIndex(VmPlatform.Current, 0, pageCount)), live)),
        ];
        if (!isExact)
        {
            lanes.Add(new("SortedSet pair", () => make.Make(new SortedSetSpace(pageCount), live)));
        }

        if (live <= LargestLinearScan)
        {
            lanes.Add(new("linear scan", () => make.Make(new LinearSpace(pageCount), live)));
        }

        return lanes;
    }
}
