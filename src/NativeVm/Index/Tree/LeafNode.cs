using System.Runtime.InteropServices;

namespace NativeVm.Index.Tree;

/// <summary>
/// A leaf: up to <see cref="Capacity"/> entries, their starts and ends as page offsets from <see cref="Base"/>, and
/// the gap after each of them. Twelve cache lines.
/// </summary>
/// <remarks>
/// <para>
/// <c>Nexts[i]</c> is the start of entry <c>i + 1</c>, and for the last entry the start of the next leaf: gap
/// <c>i</c> is <c>[Ends[i], Nexts[i])</c>, two aligned loads. The start of entry 0 lies just before
/// <c>Nexts[0]</c>, so that <see cref="Starts"/> is an array of <c>Count + 1</c> starts.
/// </para>
/// <para>
/// Offsets are at most <see cref="Saturated"/>, and so are the unused elements of both arrays, whose gaps are
/// empty thereby. A start is always below it. Where the last end or the next leaf's start is too far away to be
/// an offset, the leaf is <see cref="Wide"/> and <see cref="LongEnd"/> and <see cref="NextStart"/> hold it.
/// </para>
/// <para>
/// <see cref="Base"/> is a multiple of the largest alignment that has a figure, so that an offset is aligned
/// when its page is.
/// </para>
/// </remarks>
[StructLayout(LayoutKind.Sequential, Size = ByteCount)]
internal unsafe struct LeafNode
{
    public const int ByteCount = 768;
    public const int Capacity = 32;

    /// <summary>No leaf but the root has fewer entries, unless its neighbours are too far away to share a base with.</summary>
    public const int LeastFill = Capacity / 2;

    /// <summary>The largest offset; adding the largest alignment that has a figure does not overflow.</summary>
    public const int Saturated = int.MaxValue - FigureClasses.LargestAlignment + 1;

    /// <summary>Trait: the last end, or the start after it, is no offset.</summary>
    public const uint Wide = 1;

    /// <summary>Trait: a growth reserve lies in one of the gaps.</summary>
    public const uint HasReserves = 2;

    private const int NextsOffset = 128;

    public fixed int Figures[FigureClasses.Count];
    public ulong Base;

    /// <summary>The start of the next leaf's first entry; the end of the index in the last leaf.</summary>
    public ulong NextStart;

    /// <summary>The end of the last entry, in a wide leaf.</summary>
    public ulong LongEnd;

    /// <summary>The growth reserve of the next leaf's first entry.</summary>
    public ulong NextReserve;

    public int Count;
    public uint Traits;

    /// <summary>The next free leaf, in a leaf that is free.</summary>
    public uint NextFree;

    /// <summary>The start of entry 0, read and written as <c>Starts[0]</c>.</summary>
    public int Start0;

    public fixed int Nexts[Capacity];
    public fixed int Ends[Capacity];
    public fixed uint Flags[Capacity];
    public fixed ulong Tags[Capacity];

    /// <summary>The starts of the entries of a leaf, and the one after them.</summary>
    public static int* Starts(LeafNode* leaf) => (int*)((byte*)leaf + NextsOffset - sizeof(int));

    /// <summary>The base for a leaf whose first entry starts at a page.</summary>
    public static ulong BaseFor(ulong page) => page & ~(ulong)(FigureClasses.LargestAlignment - 1);

    public static ulong StartOf(LeafNode* leaf, int index) => leaf->Base + (uint)Starts(leaf)[index];

    public static ulong EndOf(LeafNode* leaf, int index) =>
        (leaf->Traits & Wide) != 0 && index == leaf->Count - 1 ? leaf->LongEnd : leaf->Base + (uint)leaf->Ends[index];

    /// <summary>The start after entry <paramref name="index"/>, in this leaf or the next.</summary>
    public static ulong NextOf(LeafNode* leaf, int index) =>
        index == leaf->Count - 1 ? leaf->NextStart : leaf->Base + (uint)leaf->Nexts[index];

    /// <summary>A page as an offset to compare starts with: no start in the leaf lies between the two.</summary>
    public static int OffsetOf(LeafNode* leaf, ulong page)
    {
        ulong start = leaf->Base;
        return page <= start ? 0 : (int)Math.Min(page - start, (ulong)(Saturated - 1));
    }
}
