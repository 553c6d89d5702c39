using NativeVm.Metadata;
using NativeVm.Platform;

namespace NativeVm.Index.Tree;

/// <summary>The index that maps use: a B+tree in native memory whose nodes are searched with vectors.</summary>
/// <remarks>
/// <para>
/// <b>What is stored.</b> A leaf has up to 32 entries, their starts and ends apart as 32-bit offsets from a 64-bit
/// base, and owns the gap after each of its entries; the last of these gaps ends where the next leaf starts, which
/// the leaf remembers. An entry of no pages at the very bottom owns the lowest gap, so that no gap is special and no
/// tree is empty. Attributes are twelve bytes beside the offsets, of which eight, the tag, stay in place while entries
/// before it come and go; the rare ones are in a side table, whose record number then stands in the tag's place. Inner nodes have up to 64 children. Nodes are numbered in arenas that
/// never move.
/// </para>
/// <para>
/// <b>What is kept true.</b> A key is the start of its subtree's first entry. For each of twenty classes
/// (<see cref="FigureClasses"/>: every power of two up to 2^18 pages, and the gap with growth reserves) each node
/// has a figure: the most pages that one of its gaps has from the first multiple of the alignment on. Parents have
/// the figures of their children, those of the plain gap as a row and the others in groups of four classes, so that a
/// child's change is four lines of its parent (<see cref="InnerNode"/>). A gap has room for a length at an alignment exactly when
/// its figure is at least the length, so the first child whose figure is at least that has the first fit: a search
/// goes straight down, one vector comparison a level, whatever the map looks like, and comes back up at most once,
/// from the path of a start that lies behind the fit. Aligning the gap's end down as well would miss fits; fewer
/// classes would leave an alignment for which every gap looks long enough and none is, which no constant factor in
/// the others repairs.
/// </para>
/// <para>
/// <b>What keeping it costs.</b> Twenty classes are twenty lanes. Removing an entry joins two gaps: figures can only
/// rise, to the room of one gap, which is one maximum of vectors. Inserting one divides a gap: figures fall only in
/// classes where that gap was the best, which is one comparison; then the leaf's gaps that are not empty, seldom
/// more than a dozen, are gone through with all classes at once, about twenty nanoseconds. Only classes that changed
/// go up, and only as far as they were the largest. Figures are never lazy: a bound that is repaired when a search
/// meets it is cheap on the average, but lets one search pay for all the others.
/// </para>
/// <para>
/// <b>Space.</b> A full leaf first shares with a neighbour and splits only when both are nearly full; one that is
/// less than half full takes from a neighbour or merges with it. So none but the root is less than half full, and
/// random fill is about three quarters: 30 to 40 bytes an entry, all included.
/// </para>
/// <para>
/// <b>Large maps.</b> Offsets reach almost 2^31 pages (8 TiB of 4 KiB pages). The entries of a leaf start within
/// reach of its base: one that does not gets a leaf of its own, which may stay small while both neighbours are out
/// of reach; an address space has at most two such leaves for every 2^31 pages. Only the last end and the last gap
/// of a leaf can be longer; such a leaf is <see cref="LeafNode.Wide"/> and computes them in 64 bits. Figures stop at
/// <see cref="LeafNode.Saturated"/>: a search for more than that looks into every leaf with such a gap, of which an
/// address space of 128 TiB has 16 at most.
/// </para>
/// <para>
/// <b>Not chosen.</b> A balanced binary tree misses the cache at each of its twenty levels; radix bitmaps cost memory
/// by the span; bins by size find no lowest address. A larger leaf saves memory but every change moves half of it.
/// </para>
/// </remarks>
internal sealed unsafe partial class BPlusTreeIndex : IEntryIndex
{
    private const int MostLevels = 12;

    private readonly VmPlatform _platform;
    private readonly MetadataArena _leafArena;
    private readonly MetadataArena _innerArena;
    private readonly MetadataArena _detailArena;

    // The way to the leaf last searched or changed, and room for a second one; see Paths.
    private PathStep* _path;
    private PathStep* _otherPath;
    private int* _freshFigures;

    private byte* _leaves;
    private byte* _inners;

    // The root: an inner node when _height is not 0, else a leaf; null until memory is first taken.
    private void* _root;
    private int _height;
    private bool _pathIsCurrent;
    private nuint _count;
    private nuint _reserveCount;
    private bool _isDisposed;

    /// <param name="metadataPlatform">Where native memory for the nodes comes from.</param>
    /// <param name="firstPage">The first page that the index covers.</param>
    /// <param name="endPage">The first page after those, above <paramref name="firstPage"/>, at most 2^52.</param>
    public BPlusTreeIndex(VmPlatform metadataPlatform, ulong firstPage, ulong endPage)
    {
        ArgumentNullException.ThrowIfNull(metadataPlatform);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(firstPage, endPage);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(endPage, 1UL << 52);
        _platform = metadataPlatform;
        FirstPage = firstPage;
        EndPage = endPage;

        // One entry a page is the most there can be.
        ulong entries = endPage - firstPage;
        ulong leaves = (entries / LeafNode.LeastFill) + 64;
        _leafArena = new(metadataPlatform, (nuint)Math.Min(leaves * LeafNode.ByteCount, LargestArena));
        _innerArena = new(metadataPlatform, (nuint)Math.Min(((leaves / 16) + 64) * InnerNode.ByteCount, LargestArena), hugePageThreshold: 2);
        _detailArena = new(metadataPlatform, (nuint)Math.Min((entries + 64) * (ulong)sizeof(DetailRecord), LargestArena));
    }

    public ulong FirstPage { get; }

    public ulong EndPage { get; }

    public nuint Count => _count;

    public nuint MetadataByteCount =>
        _leafArena.CommittedByteCount + _innerArena.CommittedByteCount + _detailArena.CommittedByteCount
        + (_customArena?.CommittedByteCount ?? 0);

    public void Dispose()
    {
        _isDisposed = true;
        _root = null;
        _leafArena.Dispose();
        _innerArena.Dispose();
        _detailArena.Dispose();
        _customArena?.Dispose();
    }

    /// <summary>
    /// Takes the first memory. An empty tree is one leaf with one entry of no pages at <see cref="FirstPage"/>. It
    /// owns the gap below the first true entry, is never removed and never reported.
    /// </summary>
    private bool TryMakeRoot()
    {
        if (!TryGrowLeaves(2))
        {
            return false;
        }

        // The space of leaf 0 holds the paths; 0 can then mean "no leaf".
        _path = (PathStep*)_leaves;
        _otherPath = _path + MostLevels;
        _freshFigures = (int*)(_otherPath + MostLevels);
        _leafLinesUsed = LeafLines;
        _leavesAvailable--;

        LeafNode* leaf = AllocateLeaf(out _);
        LeafContents contents;
        contents.Starts[0] = FirstPage;
        contents.Ends[0] = FirstPage;
        contents.Flags[0] = 0;
        contents.Tags[0] = 0;
        Write(leaf, &contents, 0, 1, EndPage, 0);
        _root = leaf;
        return true;
    }
}
