using System.Runtime.CompilerServices;

namespace NativeVm.Index.Tree;

/// <content>Splits, merges and refills. None changes a gap, so none changes a figure above the two nodes' parent.</content>
internal sealed unsafe partial class BPlusTreeIndex
{
    private void ReadAll(LeafNode* leaf, LeafContents* contents, int at)
    {
        int count = leaf->Count;
        for (int i = 0; i < count; i++)
        {
            contents->Starts[at + i] = leaf->Base + (uint)LeafNode.Starts(leaf)[i];
            contents->Ends[at + i] = leaf->Base + (uint)leaf->Ends[i];
            contents->Flags[at + i] = leaf->Flags[i] & ~LeafNode.TagPlaceBits;
            contents->Tags[at + i] = *LeafNode.TagOf(leaf, i);
        }

        contents->Ends[at + count - 1] = LeafNode.EndOf(leaf, count - 1);
    }

    /// <summary>Makes a leaf of entries that are within reach of one base.</summary>
    private void Write(LeafNode* leaf, LeafContents* contents, int from, int count, ulong nextStart, ulong nextReserve)
    {
        ulong origin = LeafNode.BaseFor(contents->Starts[from]);
        int* starts = LeafNode.Starts(leaf);
        leaf->Base = origin;
        leaf->Count = (ushort)count;
        leaf->FreeTags = (uint)(ulong.MaxValue << count);
        leaf->NextStart = nextStart;
        leaf->NextReserve = nextReserve;
        for (int i = 0; i < count; i++)
        {
            starts[i] = (int)(contents->Starts[from + i] - origin);
            leaf->Ends[i] = (int)Math.Min(contents->Ends[from + i] - origin, LeafNode.Saturated);
            leaf->Flags[i] = LeafNode.WithTagPlace(contents->Flags[from + i], i);
        }

        new Span<ulong>(contents->Tags + from, count).CopyTo(new Span<ulong>(leaf->Tags, count));
        new Span<int>(starts + count, LeafNode.Capacity + 1 - count).Fill(LeafNode.Saturated);
        new Span<int>(leaf->Ends + count, LeafNode.Capacity - count).Fill(LeafNode.Saturated);
        FinishTail(leaf, contents->Ends[from + count - 1]);
        ComputeFigures(leaf, leaf->Figures);
    }

    /// <summary>Whether all entries of two neighbours could be in one leaf as far as their distance goes.</summary>
    private static bool AreWithinReach(LeafNode* left, LeafNode* right) =>
        LeafNode.StartOf(right, right->Count - 1) - LeafNode.BaseFor(LeafNode.StartOf(left, 0)) < LeafNode.Saturated;

    /// <summary>One step towards room in the path's leaf: a refill from it, or the topmost split that is due.</summary>
    private void MakeRoom()
    {
        if (_height != 0 && (TryRefill(_path[1].Slot, 1) || TryRefill(_path[1].Slot - 1, 0)))
        {
            return;
        }

        if (_height == 0 || _path[1].Inner->Count == InnerNode.Capacity)
        {
            MakeRoomAbove(1);
            return;
        }

        SplitLeaf();
    }

    /// <summary>Evens out the path's leaf, which is full, with a neighbour that has some room.</summary>
    private bool TryRefill(int left, int neighbour)
    {
        InnerNode* parent = _path[1].Inner;
        if (left < 0 || left + 1 >= parent->Count)
        {
            return false;
        }

        LeafNode* a = LeafAt(parent->Children[left]);
        LeafNode* b = LeafAt(parent->Children[left + 1]);
        if ((neighbour == 0 ? a : b)->Count > LeafNode.Capacity - 4 || !AreWithinReach(a, b))
        {
            return false;
        }

        Refill(parent, left);
        return true;
    }

    [SkipLocalsInit]
    private void Refill(InnerNode* parent, int left)
    {
        LeafNode* a = LeafAt(parent->Children[left]);
        LeafNode* b = LeafAt(parent->Children[left + 1]);
        int total = a->Count + b->Count;
        int half = total / 2;
        LeafContents contents;
        ReadAll(a, &contents, 0);
        ReadAll(b, &contents, a->Count);
        Divide(&contents, half, total, a, b, b->NextStart, b->NextReserve);
        parent->Keys[left + 1] = contents.Starts[half];
        StoreFigures(parent, left, a->Figures);
        StoreFigures(parent, left + 1, b->Figures);
        StoreCustom(parent, 1, left);
        StoreCustom(parent, 1, left + 1);
        _pathIsCurrent = false;
    }

    private void Divide(
        LeafContents* contents, int half, int total, LeafNode* a, LeafNode* b, ulong nextStart, ulong nextReserve)
    {
        ulong reserve = ReserveOf(contents->Flags[half], contents->Tags[half]);
        Write(b, contents, half, total - half, nextStart, nextReserve);
        Write(a, contents, 0, half, contents->Starts[half], reserve);
    }

    [SkipLocalsInit]
    private void SplitLeaf()
    {
        LeafNode* a = _path->Leaf;
        InnerNode* parent = _path[1].Inner;
        int slot = _path[1].Slot;
        LeafNode* b = AllocateLeaf(out uint number);
        int total = a->Count;
        int half = total / 2;
        LeafContents contents;
        ReadAll(a, &contents, 0);
        Divide(&contents, half, total, a, b, a->NextStart, a->NextReserve);
        StoreFigures(parent, slot, a->Figures);
        AddChild(parent, slot + 1, contents.Starts[half], number, b->Figures);
        StoreCustom(parent, 1, slot);
        StoreCustom(parent, 1, slot + 1);
        _pathIsCurrent = false;
    }

    /// <summary>
    /// The topmost split due so that the path's inner node at a level gets room for a child: a new root, or the
    /// highest full node below one that has room. The caller descends again, and asks again.
    /// </summary>
    private void MakeRoomAbove(int level)
    {
        _pathIsCurrent = false;
        int top = level;
        while (top <= _height && _path[top].Inner->Count == InnerNode.Capacity)
        {
            top++;
        }

        if (top <= _height)
        {
            SplitInner(_path[top - 1].Inner, _path[top].Inner, _path[top].Slot);
            return;
        }

        InnerNode* root = AllocateInner();
        if (_height == 0)
        {
            LeafNode* leaf = (LeafNode*)_root;
            AddChild(root, 0, LeafNode.StartOf(leaf, 0), (uint)(((byte*)leaf - _leaves) >> LineShift), leaf->Figures);
        }
        else
        {
            InnerNode* inner = (InnerNode*)_root;
            AddChild(root, 0, inner->Keys[0], inner->Number, inner->Figures);
        }

        ComputeFigures(root);
        _root = root;
        _height++;
        StoreCustom(root, _height, 0);
    }

    /// <summary>After a removal: refills the path's leaf from a neighbour, or merges the two, when it has too few entries.</summary>
    private void RepairLeaf()
    {
        LeafNode* leaf = _path->Leaf;
        if (_height == 0 || leaf->Count >= LeafNode.LeastFill)
        {
            return;
        }

        InnerNode* parent = _path[1].Inner;
        int slot = _path[1].Slot;
        if (!TryRepairPair(parent, slot - 1))
        {
            TryRepairPair(parent, slot);
        }
    }

    [SkipLocalsInit]
    private bool TryRepairPair(InnerNode* parent, int left)
    {
        if (left < 0 || left + 1 >= parent->Count)
        {
            return false;
        }

        uint number = parent->Children[left + 1];
        LeafNode* a = LeafAt(parent->Children[left]);
        LeafNode* b = LeafAt(number);
        if (!AreWithinReach(a, b))
        {
            return false;
        }

        int total = a->Count + b->Count;
        if (total >= LeafNode.Capacity)
        {
            Refill(parent, left);
            return true;
        }

        LeafContents contents;
        ReadAll(a, &contents, 0);
        ReadAll(b, &contents, a->Count);
        Write(a, &contents, 0, total, b->NextStart, b->NextReserve);
        StoreFigures(parent, left, a->Figures);
        DropChild(parent, left + 1);
        StoreCustom(parent, 1, left);
        FreeLeaf(number);
        _pathIsCurrent = false;
        RepairInner(1);
        return true;
    }
}
