using NativeVm.Metadata;
using NativeVm.Platform;

namespace NativeVm.Index.Tree;

/// <summary>The index that maps use: a B+tree in native memory whose nodes are searched with vectors.</summary>
/// <remarks>THEORY</remarks>
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
        _innerArena = new(metadataPlatform, (nuint)Math.Min(((leaves / 16) + 64) * InnerNode.ByteCount, LargestArena));
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
