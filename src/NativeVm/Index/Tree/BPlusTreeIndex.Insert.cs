using System.Diagnostics;
using System.Runtime.CompilerServices;
using NativeVm.Index.Kernels;

namespace NativeVm.Index.Tree;

internal sealed unsafe partial class BPlusTreeIndex
{
    public void Insert(in EntryRecord entry)
    {
        ulong start = entry.Start;
        if (_root == null && !TryMakeRoot())
        {
            ThrowNoMemory();
        }

        Debug.Assert(start >= FirstPage && entry.End <= EndPage && start < entry.End, "The range is inside the index.");
        LeafNode* leaf = WayTo(start);
        ulong offset = start - leaf->Base;
        if (leaf->Count == LeafNode.Capacity || leaf->Traits != 0 || offset >= LeafNode.Saturated || entry.HasDetail)
        {
            InsertSlowly(entry);
            return;
        }

        int from = (int)offset;
        InsertAt(leaf, PositionOf(leaf, from), from, (int)(entry.End - leaf->Base), entry.Flags, entry.Tag);
    }

    /// <summary>
    /// The short way for an entry without details: inserts it if its leaf has room for it, no entry is in its place
    /// and it does not continue the one below with equal attributes; else does nothing, and the caller goes the long way.
    /// </summary>
    /// <param name="start">The first page, inside the index.</param>
    /// <param name="end">The page after the last, above <paramref name="start"/> and inside the index.</param>
    /// <param name="flags">The attributes.</param>
    /// <param name="tag">The user's number.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public bool TryInsertPlain(ulong start, ulong end, uint flags, ulong tag)
    {
        Debug.Assert(start >= FirstPage && end <= EndPage && start < end, "The range is inside the index.");
        if (_root == null)
        {
            return false;
        }

        LeafNode* leaf = WayTo(start);
        ulong origin = leaf->Base;
        if (leaf->Count == LeafNode.Capacity || leaf->Traits != 0 || end - origin >= LeafNode.Saturated)
        {
            return false;
        }

        int from = (int)(start - origin);
        int to = (int)(end - origin);
        int position = PositionOf(leaf, from);
        int below = leaf->Ends[position];
        if (below >= from || to > leaf->Nexts[position])
        {
            if (below != from || to > leaf->Nexts[position] || ((leaf->Flags[position] & ~LeafNode.TagPlaceBits) == flags && *LeafNode.TagOf(leaf, position) == tag))
            {
                return false;
            }
        }

        InsertAt(leaf, position, from, to, flags, tag);
        return true;
    }

    /// <summary>Inserts an entry after another one in the path's leaf, which has room and no traits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void InsertAt(LeafNode* leaf, int position, int from, int to, uint flags, ulong tag)
    {
        NodeKernels.Open(leaf->Nexts, position, from);
        NodeKernels.Open(leaf->Ends, position + 1, to);
        NodeKernels.Open((int*)leaf->Flags, position + 1, (int)LeafNode.AddTag(leaf, flags, tag));
        leaf->Count++;
        _count++;

        // The gap of a first fit is the largest of its leaf in some class, almost always: no use in asking first.
        FigureKernels.Copy(_freshFigures, leaf->Figures);
        FigureKernels.OfGaps(leaf->Ends, leaf->Nexts, leaf->Figures);
        PropagateFall(leaf, _freshFigures);

        if (_customCount != 0)
        {
            PropagateCustom(_path);
        }

        if (IsSelfChecking)
        {
            CountChange();
        }
    }

    /// <summary>Any insert: into full leaves, wide ones, with details.</summary>
    private void InsertSlowly(in EntryRecord entry)
    {
        LeafNode* leaf = WayTo(entry.Start);
        while (leaf->Count == LeafNode.Capacity)
        {
            MakeRoom();
            leaf = Descend(entry.Start);
        }

        if (entry.Start - leaf->Base >= LeafNode.Saturated)
        {
            InsertApart(entry);
            return;
        }

        uint flags = Pack(entry, out ulong tag);
        int last = leaf->Count - 1;
        int position = PositionOf(leaf, entry.Start);
        ulong lastEnd = position == last ? entry.End : LeafNode.EndOf(leaf, last);
        NodeKernels.Open(leaf->Nexts, position, (int)(entry.Start - leaf->Base));
        NodeKernels.Open(leaf->Ends, position + 1, (int)Math.Min(entry.End - leaf->Base, LeafNode.Saturated));
        NodeKernels.Open((int*)leaf->Flags, position + 1, (int)LeafNode.AddTag(leaf, flags, tag));
        leaf->Count++;
        _count++;
        FinishTail(leaf, lastEnd);
        RefreshLeaf(_path);
    }

    /// <summary>Inserts an entry out of reach of its leaf's base, above all entries there, into a leaf of its own.</summary>
    private void InsertApart(in EntryRecord entry)
    {
        while (_height == 0 || _path[1].Inner->Count == InnerNode.Capacity)
        {
            MakeRoomAbove(1);
            Descend(entry.Start);
        }

        LeafNode* before = _path->Leaf;
        InnerNode* parent = _path[1].Inner;
        int slot = _path[1].Slot;
        uint flags = Pack(entry, out ulong tag);
        LeafNode* leaf = AllocateLeaf(out uint number);
        LeafContents contents;
        contents.Starts[0] = entry.Start;
        contents.Ends[0] = entry.End;
        contents.Flags[0] = flags;
        contents.Tags[0] = tag;
        Write(leaf, &contents, 0, 1, before->NextStart, before->NextReserve);
        _count++;

        before->NextStart = entry.Start;
        before->NextReserve = ReserveOf(flags, tag);
        FinishTail(before, LeafNode.EndOf(before, before->Count - 1));
        RefreshLeaf(_path);
        AddChild(parent, slot + 1, entry.Start, number, null);
        _path[1].Slot = slot + 1;
        _path->Node = leaf;
        Propagate(_path, leaf->Figures, FigureClasses.All);
        if (_customCount != 0)
        {
            PropagateCustom(_path);
        }

        RepairLeaf();
    }
}
