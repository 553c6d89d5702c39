using NativeVm.Index;
using NativeVm.Metadata;
using NativeVm.Platform;

namespace NativeVm.Tool.Profiling.Maps.GapTree;

/// <summary>
/// Entries in an AVL tree in which every node knows the largest gap of its subtree: the textbook's way, simple
/// and exact, and what the map's own index is measured by. It knows no policies, phases or boundaries.
/// </summary>
/// <remarks>
/// <para>
/// Each node stands for an entry and for the gap directly below it. A last node, the sentinel, stands for no entry
/// but for the gap below <see cref="EndPage"/>, so that every gap belongs to exactly one node. The two figures of a
/// node are the largest gap in its subtree, with and without the growth reserves of stacks; they are recomputed
/// from the children on the way up from each change. A change to an entry changes one more gap, that below its
/// successor, by a second descent.
/// </para>
/// <para>
/// A search goes down only where the figure says that a gap is long enough, left before right, so that an
/// unaligned search visits one path, O(log n), and the first gap that fits is the lowest. The figures know nothing
/// of alignment: where many gaps are long enough but misaligned, a search visits each of them.
/// </para>
/// <para>Nodes are 88 bytes in native memory, found by number; a node that is taken out goes to a free list.</para>
/// </remarks>
internal sealed unsafe partial class AvlEntryIndex : IEntryIndex
{
    // 2^26 entries: more than a map of this index would be used with; the reservation costs nothing.
    private const nuint MostNodes = 1 << 26;

    private readonly MetadataArena _arena;
    private uint _root;
    private uint _freeList;
    private nuint _freeCount;
    private uint _nodeCount;
    private bool _hasSentinel;

    /// <param name="metadataPlatform">Where native memory comes from.</param>
    /// <param name="firstPage">The first page that the index covers.</param>
    /// <param name="endPage">The first page after those it covers; above <paramref name="firstPage"/>.</param>
    public AvlEntryIndex(VmPlatform metadataPlatform, ulong firstPage, ulong endPage)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(endPage, firstPage);
        FirstPage = firstPage;
        EndPage = endPage;
        _arena = new MetadataArena(metadataPlatform, MostNodes * (nuint)sizeof(AvlNode));
    }

    public ulong FirstPage { get; }

    public ulong EndPage { get; }

    public nuint Count { get; private set; }

    public ulong LargestGap => _root == 0 ? EndPage - FirstPage : At(_root)->LargestGap;

    public nuint MetadataByteCount => _arena.CommittedByteCount;

    public bool TryReserve(nuint entryCount)
    {
        // Node 0 is never used, and the sentinel is made by the first insert.
        nuint wanted = entryCount + (_hasSentinel ? 0u : 1u);
        if (wanted <= _freeCount)
        {
            return true;
        }

        nuint nodes = _nodeCount + 1 + (wanted - _freeCount);
        return nodes <= MostNodes && _arena.TryGrow(nodes * (nuint)sizeof(AvlNode));
    }

    public void Insert(in EntryRecord entry)
    {
        if (!_hasSentinel)
        {
            InsertSentinel();
        }

        uint number = Allocate();
        AvlNode* node = At(number);
        *node = default;
        Write(node, entry);
        uint above = FindAtOrAbove(entry.Start);
        node->GapStart = At(above)->GapStart;
        SetGapStart(At(above)->Start, entry.End);
        _root = InsertInto(_root, number);
        Count++;
    }

    public void Replace(ulong start, in EntryRecord entry)
    {
        uint number = FindAtOrAbove(start);
        AvlNode* node = At(number);
        ulong oldEnd = node->End;
        Write(node, entry);
        Refresh(entry.Start);
        if (oldEnd != entry.End)
        {
            uint above = FindAtOrAbove(entry.Start + 1);
            SetGapStart(At(above)->Start, entry.End);
        }
    }

    public void Remove(ulong start)
    {
        uint number = FindAtOrAbove(start);
        ulong gapStart = At(number)->GapStart;
        _root = RemoveFrom(_root, start);
        Free(number);
        Count--;
        SetGapStart(At(FindAtOrAbove(start))->Start, gapStart);
    }

    public void RemoveRange(ulong start, ulong end)
    {
        while (TryGetAtOrAbove(start, out EntryRecord entry) && entry.Start < end)
        {
            Remove(entry.Start);
        }
    }

    public void Dispose() => _arena.Dispose();

    private AvlNode* At(uint number) => (AvlNode*)_arena.Base + number;

    private static void Write(AvlNode* node, in EntryRecord entry)
    {
        node->Start = entry.Start;
        node->End = entry.End;
        node->Tag = entry.Tag;
        node->Flags = entry.Flags;
        node->Detail = entry.Detail;
    }

    private void InsertSentinel()
    {
        _root = Allocate();
        AvlNode* node = At(_root);
        *node = default;
        node->Start = EndPage;
        node->End = EndPage;
        node->GapStart = FirstPage;
        node->Height = 1;
        Update(node);
        _hasSentinel = true;
    }

    private uint Allocate()
    {
        if (_freeList == 0)
        {
            return ++_nodeCount;
        }

        uint number = _freeList;
        _freeList = At(number)->Left;
        _freeCount--;
        return number;
    }

    private void Free(uint number)
    {
        At(number)->Left = _freeList;
        _freeList = number;
        _freeCount++;
    }
}
