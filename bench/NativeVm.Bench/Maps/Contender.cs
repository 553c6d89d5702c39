namespace NativeVm.Bench.Maps;

/// <summary>What a map benchmark runs.</summary>
public enum Contender
{
    /// <summary>A balanced tree in which each node knows the largest gap of its subtree; the baseline.</summary>
    GapTree,

    /// <summary>The map, by its public calls.</summary>
    NativeVm,

    /// <summary>The index of the map alone.</summary>
    Index,

    /// <summary>A set ordered by address and one of the free ranges ordered by size; best fit.</summary>
    SortedSets,
}
