using System.Numerics;
using System.Runtime.CompilerServices;
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
/// A tag stays where it is while entries before it come and go: what moves with the entry is the number of its place,
/// in bits of the flags that the map leaves free. So a change of the leaf moves and touches eight lines, not twelve.
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
    public const ushort Wide = 1;

    /// <summary>Trait: a growth reserve lies in one of the gaps.</summary>
    public const ushort HasReserves = 2;

    /// <summary>Bits of an entry's flags that the leaf has for itself: which element of <see cref="Tags"/> is the entry's.</summary>
    public const uint TagPlaceBits = (uint)(Capacity - 1) << TagPlaceShift;

    private const int TagPlaceShift = EntryFlags.FirstFreeBit + 2;
    private const int NextsOffset = 128;

    public fixed int Figures[FigureClasses.Count];
    public ulong Base;

    /// <summary>The start of the next leaf's first entry; the end of the index in the last leaf.</summary>
    public ulong NextStart;

    /// <summary>The end of the last entry, in a wide leaf.</summary>
    public ulong LongEnd;

    /// <summary>The growth reserve of the next leaf's first entry.</summary>
    public ulong NextReserve;

    public ushort Count;
    public ushort Traits;

    /// <summary>The elements of <see cref="Tags"/> that no entry has, a bit each.</summary>
    public uint FreeTags;

    /// <summary>The next free leaf, in a leaf that is free.</summary>
    public uint NextFree;

    /// <summary>The start of entry 0, read and written as <c>Starts[0]</c>.</summary>
    public int Start0;

    public fixed int Nexts[Capacity];
    public fixed int Ends[Capacity];
    public fixed uint Flags[Capacity];

    /// <summary>The tags, each where it was put first; an entry's flags know where (<see cref="TagOf"/>).</summary>
    public fixed ulong Tags[Capacity];

    /// <summary>The starts of the entries of a leaf, and the one after them.</summary>
    public static int* Starts(LeafNode* leaf) => (int*)((byte*)leaf + NextsOffset - sizeof(int));

    /// <summary>Where the tag of entry <paramref name="index"/> is.</summary>
    public static ulong* TagOf(LeafNode* leaf, int index) => leaf->Tags + TagPlace(leaf->Flags[index]);

    /// <summary>Puts a tag into a free element, of which there is one.</summary>
    /// <returns>The flags of its entry, which know where it is.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint AddTag(LeafNode* leaf, uint flags, ulong tag)
    {
        int place = BitOperations.TrailingZeroCount(leaf->FreeTags);
        leaf->FreeTags &= leaf->FreeTags - 1;
        leaf->Tags[place] = tag;
        return WithTagPlace(flags, place);
    }

    /// <summary>Frees the element of an entry that has these flags.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void DropTag(LeafNode* leaf, uint flags) => leaf->FreeTags |= 1u << TagPlace(flags);

    public static uint WithTagPlace(uint flags, int place) => flags | ((uint)place << TagPlaceShift);

    private static int TagPlace(uint flags) => (int)(flags >> TagPlaceShift) & (Capacity - 1);

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
