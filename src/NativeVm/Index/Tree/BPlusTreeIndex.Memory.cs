namespace NativeVm.Index.Tree;

internal sealed unsafe partial class BPlusTreeIndex
{
    // Nodes are numbered in cache lines from the start of their arena, so that a number shifts into an address.
    private const int LineShift = 6;
    private const uint LeafLines = LeafNode.ByteCount >> LineShift;
    private const uint InnerLines = InnerNode.ByteCount >> LineShift;

    // Address space, not memory: what 32 bits of line numbers reach, and more than any map needs.
    private const ulong LargestArena = 64UL << 30;

    private uint _leafLinesUsed;
    private uint _innerLinesUsed;
    private uint _freeLeaf;
    private uint _freeInner;
    private nuint _leavesAvailable;
    private nuint _innersAvailable;

    public bool TryReserve(nuint entryCount)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);

        // An insert splits one node a level and may add a level; one entry more is for Replace.
        nuint entries = checked(entryCount + 1);
        return (entries <= _leavesAvailable && entries * ((nuint)_height + 2) <= _innersAvailable && entries <= _detailsAvailable)
            || TryReserveSlow(entries);
    }

    private bool TryReserveSlow(nuint entries)
    {
        if (_root == null && !TryMakeRoot())
        {
            return false;
        }

        // So many leaves cannot be full already, nor become full, unless they are far apart.
        nuint leaves = nuint.Min(entries, (LeafCount * 2) + (entries / (LeafNode.LeastFill - 1)) + LeavesSetApart + 1);
        nuint inners = nuint.Min(
            entries * ((nuint)_height + 2),
            (InnerCount * 2) + (leaves / (InnerNode.LeastFill / 2)) + MostLevels);
        return (leaves <= _leavesAvailable || TryGrowLeaves(leaves))
            && (inners <= _innersAvailable || TryGrowInners(inners))
            && (entries <= _detailsAvailable || TryGrowDetails(entries));
    }

    private nuint LeafCount => (_leafArena.CommittedByteCount / LeafNode.ByteCount) - _leavesAvailable;

    private nuint InnerCount => (_innerArena.CommittedByteCount / InnerNode.ByteCount) - _innersAvailable;

    /// <summary>How many leaves can be short of entries because their neighbours are out of their reach.</summary>
    private nuint LeavesSetApart => (nuint)((EndPage - FirstPage) / (LeafNode.Saturated / 2)) * 2;

    private bool TryGrowLeaves(nuint count)
    {
        nuint used = _leafLinesUsed / LeafLines;
        nuint free = _leavesAvailable - ((_leafArena.CommittedByteCount / LeafNode.ByteCount) - used);
        if (count - free > (nuint)(LargestArena / LeafNode.ByteCount)
            || !_leafArena.TryGrow((used + count - free) * LeafNode.ByteCount))
        {
            return false;
        }

        _leaves = _leafArena.Base;
        _leavesAvailable = free + (_leafArena.CommittedByteCount / LeafNode.ByteCount) - used;
        return true;
    }

    private bool TryGrowInners(nuint count)
    {
        nuint used = _innerLinesUsed / InnerLines;
        nuint free = _innersAvailable - ((_innerArena.CommittedByteCount / InnerNode.ByteCount) - used);
        if (count - free > (nuint)(LargestArena / InnerNode.ByteCount)
            || !_innerArena.TryGrow((used + count - free) * InnerNode.ByteCount))
        {
            return false;
        }

        _inners = _innerArena.Base;
        if (_customCount != 0)
        {
            TryGrowCustomRows();
        }

        _innersAvailable = free + (_innerArena.CommittedByteCount / InnerNode.ByteCount) - used;
        return true;
    }

    /// <summary>Bytes of nodes in use, without what is committed ahead of need.</summary>
    internal nuint NodeByteCount => (LeafCount * LeafNode.ByteCount) + (InnerCount * InnerNode.ByteCount);

    private LeafNode* LeafAt(uint number) => (LeafNode*)(_leaves + ((ulong)number << LineShift));

    private InnerNode* InnerAt(uint number) => (InnerNode*)(_inners + ((ulong)number << LineShift));

    private LeafNode* AllocateLeaf(out uint number)
    {
        if (_leavesAvailable == 0 && !TryGrowLeaves(1))
        {
            ThrowNoMemory();
        }

        _leavesAvailable--;
        number = _freeLeaf;
        if (number != 0)
        {
            _freeLeaf = LeafAt(number)->NextFree;
        }
        else
        {
            number = _leafLinesUsed;
            _leafLinesUsed += LeafLines;
        }

        return LeafAt(number);
    }

    private void FreeLeaf(uint number)
    {
        LeafAt(number)->NextFree = _freeLeaf;
        LeafAt(number)->Count = 0;
        _freeLeaf = number;
        _leavesAvailable++;
    }

    private InnerNode* AllocateInner()
    {
        if (_innersAvailable == 0 && !TryGrowInners(1))
        {
            ThrowNoMemory();
        }

        _innersAvailable--;
        uint number = _freeInner;
        if (number != 0)
        {
            // Numbers of free nodes are kept one higher, so that 0 is none.
            number--;
            _freeInner = InnerAt(number)->NextFree;
        }
        else
        {
            number = _innerLinesUsed;
            _innerLinesUsed += InnerLines;
        }

        InnerNode* node = InnerAt(number);
        new Span<byte>(node, InnerNode.ByteCount).Clear();
        node->Number = number;
        new Span<ulong>(node->Keys, InnerNode.Capacity).Fill(InnerNode.NoKey);
        if (_customCount != 0)
        {
            new Span<int>(CustomRow(node, 0), CustomRowInts).Clear();
        }

        return node;
    }

    private void FreeInner(InnerNode* node)
    {
        node->NextFree = _freeInner;
        node->Count = 0;
        _freeInner = node->Number + 1;
        _innersAvailable++;
    }

    private static void ThrowNoMemory() => throw new InsufficientMemoryException(
        "There is no memory for the records of a map, and none was reserved for this entry.");
}
