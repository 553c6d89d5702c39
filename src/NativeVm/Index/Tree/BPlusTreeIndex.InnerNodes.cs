using System.Runtime.Intrinsics;

namespace NativeVm.Index.Tree;

internal sealed unsafe partial class BPlusTreeIndex
{
    /// <summary>Adds a child to a node that has room; without figures it adds zeros. The node's own do not follow.</summary>
    private void AddChild(InnerNode* node, int slot, ulong key, uint child, int* figures)
    {
        int moved = node->Count - slot;
        Shift(node->Keys + slot, node->Keys + slot + 1, moved);
        Shift(node->Children + slot, node->Children + slot + 1, moved);
        MoveFigures(node, slot, node, slot + 1, moved);
        if (figures == null)
        {
            ClearFigures(node, slot, 1);
        }
        else
        {
            StoreFigures(node, slot, figures);
        }

        for (int i = 0; i < _customCount; i++)
        {
            int* row = CustomRow(node, i);
            Shift(row + slot, row + slot + 1, moved);
            row[slot] = 0;
        }

        node->Keys[slot] = key;
        node->Children[slot] = child;
        node->Count++;
    }

    /// <summary>Takes a child out of a node, whose own figures do not follow.</summary>
    private void DropChild(InnerNode* node, int slot)
    {
        int last = --node->Count;
        int moved = last - slot;
        Shift(node->Keys + slot + 1, node->Keys + slot, moved);
        Shift(node->Children + slot + 1, node->Children + slot, moved);
        node->Keys[last] = InnerNode.NoKey;
        node->Children[last] = 0;
        MoveFigures(node, slot + 1, node, slot, moved);
        ClearFigures(node, last, 1);

        for (int i = 0; i < _customCount; i++)
        {
            int* row = CustomRow(node, i);
            Shift(row + slot + 1, row + slot, moved);
            row[last] = 0;
        }
    }

    /// <summary>Moves the first or last children of a node to the end or the front of its neighbour.</summary>
    private void MoveChildren(InnerNode* from, int first, InnerNode* to, int at, int count)
    {
        // Room in the receiver, the children, and the hole in the giver.
        int behind = to->Count - at;
        Shift(to->Keys + at, to->Keys + at + count, behind);
        Shift(to->Children + at, to->Children + at + count, behind);
        Shift(from->Keys + first, to->Keys + at, count);
        Shift(from->Children + first, to->Children + at, count);
        int left = from->Count - count;
        int rest = left - first;
        Shift(from->Keys + first + count, from->Keys + first, rest);
        Shift(from->Children + first + count, from->Children + first, rest);
        new Span<ulong>(from->Keys + left, count).Fill(InnerNode.NoKey);
        new Span<uint>(from->Children + left, count).Clear();
        MoveFigures(to, at, to, at + count, behind);
        MoveFigures(from, first, to, at, count);
        MoveFigures(from, first + count, from, first, rest);
        ClearFigures(from, left, count);
        for (int k = 0; k < _customCount; k++)
        {
            int* source = CustomRow(from, k);
            int* target = CustomRow(to, k);
            Shift(target + at, target + at + count, behind);
            Shift(source + first, target + at, count);
            Shift(source + first + count, source + first, rest);
            new Span<int>(source + left, count).Clear();
        }

        from->Count -= count;
        to->Count += count;
        ComputeFigures(from);
        ComputeFigures(to);
    }

    /// <summary>Moves the figures of some children of a node to other slots, there or in another node.</summary>
    private static void MoveFigures(InnerNode* from, int first, InnerNode* to, int at, int count)
    {
        Shift(from->Plain + first, to->Plain + at, count);
        int step = at > first ? -1 : 1;
        int i = at > first ? count - 1 : 0;
        for (; (uint)i < (uint)count; i += step)
        {
            int* source = from->Groups + InnerNode.PlaceOf(first + i);
            int* target = to->Groups + InnerNode.PlaceOf(at + i);
            for (int group = 0; group < InnerNode.GroupCount * InnerNode.GroupInts; group += InnerNode.GroupInts)
            {
                Vector128.Store(Vector128.Load(source + group), target + group);
            }
        }
    }

    private static void ClearFigures(InnerNode* node, int first, int count)
    {
        new Span<int>(node->Plain + first, count).Clear();
        for (int slot = first; slot < first + count; slot++)
        {
            int* figures = node->Groups + InnerNode.PlaceOf(slot);
            for (int group = 0; group < InnerNode.GroupCount * InnerNode.GroupInts; group += InnerNode.GroupInts)
            {
                Vector128.Store(Vector128<int>.Zero, figures + group);
            }
        }
    }

    private static void Shift<T>(T* from, T* to, int count)
        where T : unmanaged => new Span<T>(from, count).CopyTo(new Span<T>(to, count));

    private void SplitInner(InnerNode* node, InnerNode* parent, int slot)
    {
        InnerNode* right = AllocateInner();
        int half = node->Count / 2;
        MoveChildren(node, half, right, 0, node->Count - half);
        StoreFigures(parent, slot, node->Figures);
        AddChild(parent, slot + 1, right->Keys[0], right->Number, right->Figures);
        StoreCustom(parent, 2, slot);
        StoreCustom(parent, 2, slot + 1);
    }

    /// <summary>After a child has gone: refills or merges the path's node at a level, and so on upwards.</summary>
    private void RepairInner(int level)
    {
        InnerNode* node = _path[level].Inner;
        if (level == _height)
        {
            if (node->Count == 1)
            {
                _root = level == 1 ? LeafAt(node->Children[0]) : InnerAt(node->Children[0]);
                _height--;
                FreeInner(node);
                _pathIsCurrent = false;
            }

            return;
        }

        if (node->Count >= InnerNode.LeastFill)
        {
            return;
        }

        _pathIsCurrent = false;
        InnerNode* parent = _path[level + 1].Inner;
        int left = Math.Max(_path[level + 1].Slot - 1, 0);
        InnerNode* a = InnerAt(parent->Children[left]);
        InnerNode* b = InnerAt(parent->Children[left + 1]);
        int total = a->Count + b->Count;
        if (total >= InnerNode.Capacity)
        {
            int half = total / 2;
            if (a->Count < half)
            {
                MoveChildren(b, 0, a, a->Count, half - a->Count);
            }
            else
            {
                MoveChildren(a, half, b, 0, a->Count - half);
            }

            parent->Keys[left + 1] = b->Keys[0];
            StoreFigures(parent, left + 1, b->Figures);
            StoreFigures(parent, left, a->Figures);
            StoreCustom(parent, 2, left);
            StoreCustom(parent, 2, left + 1);
            return;
        }

        MoveChildren(b, 0, a, a->Count, b->Count);
        StoreFigures(parent, left, a->Figures);
        DropChild(parent, left + 1);
        StoreCustom(parent, 2, left);
        FreeInner(b);
        RepairInner(level + 1);
    }
}
