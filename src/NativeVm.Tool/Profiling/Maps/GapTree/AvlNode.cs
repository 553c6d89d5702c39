using NativeVm.Index;

namespace NativeVm.Tool.Profiling.Maps.GapTree;

/// <summary>An entry, the gap directly below it, and the largest gaps of the subtree under it.</summary>
internal struct AvlNode
{
    public ulong Start;
    public ulong End;
    public ulong Tag;

    /// <summary>Where the gap below begins: the end of the predecessor, or the first page of the index.</summary>
    public ulong GapStart;

    /// <summary>Pages of the subtree's largest gap, growth reserves left out.</summary>
    public ulong LargestFree;

    /// <summary>Pages of the subtree's largest gap, growth reserves included.</summary>
    public ulong LargestGap;

    public EntryDetail Detail;
    public uint Flags;

    /// <summary>Numbers of the children; 0 for none. On the free list, <see cref="Left"/> is the next free node.</summary>
    public uint Left;
    public uint Right;
    public int Height;

    public readonly ulong Gap => Start - GapStart;

    /// <summary>The first page of the growth reserve, which ends at <see cref="Start"/>; equal to it when there is none.</summary>
    public readonly ulong FreeEnd => Start - Math.Min(Detail.GrowthReserve, Gap);

    public readonly ulong Free => FreeEnd - GapStart;
}
