using System.Diagnostics;
using System.Runtime.CompilerServices;
using NativeVm.Index.Kernels;

namespace NativeVm.Index.Tree;

internal sealed unsafe partial class BPlusTreeIndex
{
    public void Remove(ulong start)
    {
        LeafNode* leaf = WayTo(start);
        int position = PositionOf(leaf, start);
        Debug.Assert(LeafNode.StartOf(leaf, position) == start, "An entry starts there.");
        if (position == 0 || leaf->Traits != 0 || (leaf->Flags[position] & DetailBit) != 0)
        {
            if (position != 0 || !TryRemoveFirst(leaf))
            {
                RemoveRun(position, position + 1);
            }

            return;
        }

        RemoveAt(leaf, position);
    }

    /// <summary>
    /// The short way for an entry without details: removes it if it has just that range and its attributes pass; else
    /// does nothing, and the caller goes the long way.
    /// </summary>
    /// <param name="start">The first page.</param>
    /// <param name="end">The page after the last.</param>
    /// <param name="forbidden">Flags none of which the entry may have.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public bool TryRemovePlain(ulong start, ulong end, uint forbidden)
    {
        if (_root == null)
        {
            return false;
        }

        LeafNode* leaf = WayTo(start);
        ulong origin = leaf->Base;
        if (leaf->Traits != 0 || end - origin >= LeafNode.Saturated)
        {
            return false;
        }

        int from = (int)(start - origin);
        int position = PositionOf(leaf, from);
        if (position == 0
            || leaf->Nexts[position - 1] != from
            || leaf->Ends[position] != (int)(end - origin)
            || (leaf->Flags[position] & (forbidden | DetailBit)) != 0)
        {
            return false;
        }

        RemoveAt(leaf, position);
        return true;
    }

    /// <summary>Takes an entry without details, not the first, out of the path's leaf, which has no traits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void RemoveAt(LeafNode* leaf, int position)
    {
        int low = leaf->Ends[position - 1];
        int high = leaf->Nexts[position];
        NodeKernels.Close(leaf->Nexts, position - 1, LeafNode.Saturated);
        NodeKernels.Close(leaf->Ends, position, LeafNode.Saturated);
        LeafNode.DropTag(leaf, leaf->Flags[position]);
        NodeKernels.Close((int*)leaf->Flags, position, 0);
        int count = --leaf->Count;
        _count--;

        uint raised = FigureKernels.Raise(leaf->Figures, low, high);
        if (raised != 0)
        {
            PropagateRise(_path, leaf->Figures, raised);
        }

        if (_customCount != 0)
        {
            PropagateCustom(_path);
        }

        if (count < LeafNode.LeastFill)
        {
            RepairLeaf();
        }

        if (IsSelfChecking)
        {
            CountChange();
        }
    }

    /// <summary>
    /// The short way to take out a leaf's first entry: its gap goes over to the last gap of the leaf before. One in
    /// a couple of dozen removals is of this kind.
    /// </summary>
    private bool TryRemoveFirst(LeafNode* leaf)
    {
        int count = leaf->Count;
        if (leaf->Traits != 0 || ((leaf->Flags[0] | leaf->Flags[1]) & DetailBit) != 0 || count <= LeafNode.LeastFill)
        {
            return false;
        }

        LeafNode* previous = WayToPrevious();
        int last = previous->Count - 1;
        ulong start = leaf->Base + (uint)leaf->Nexts[0];
        ulong next = start - previous->Base;
        if (previous->Traits != 0 || next > LeafNode.Saturated)
        {
            return false;
        }

        int low = leaf->Ends[0];
        int high = leaf->Nexts[0];
        LeafNode.Starts(leaf)[0] = high;
        NodeKernels.Close(leaf->Nexts, 0, LeafNode.Saturated);
        NodeKernels.Close(leaf->Ends, 0, LeafNode.Saturated);
        LeafNode.DropTag(leaf, leaf->Flags[0]);
        NodeKernels.Close((int*)leaf->Flags, 0, 0);
        leaf->Count = (ushort)(count - 1);
        _count--;
        SetKey(_path, 1, start);
        if (FigureKernels.Bound(leaf->Figures, low, low, high, high) != 0)
        {
            FigureKernels.Copy(_freshFigures, leaf->Figures);
            FigureKernels.OfGaps(leaf->Ends, leaf->Nexts, leaf->Figures);
            PropagateFall(leaf, _freshFigures);
        }

        previous->NextStart = start;
        previous->Nexts[last] = (int)next;
        uint raised = FigureKernels.Raise(previous->Figures, previous->Ends[last], (int)next);
        if (raised != 0)
        {
            PropagateRise(_otherPath, previous->Figures, raised);
        }

        if (_customCount != 0)
        {
            PropagateCustom(_path);
            PropagateCustom(_otherPath);
        }

        return true;
    }

    public void RemoveRange(ulong start, ulong end)
    {
        start = Math.Max(start, FirstPage);
        end = _root == null ? 0 : Math.Min(end, EndPage);
        while (start < end)
        {
            VisitedNodeCount += (ulong)_height + 1;
            LeafNode* leaf = WayTo(start);
            int first = PositionOf(leaf, start);
            ulong found = LeafNode.StartOf(leaf, first);
            if (found < start || LeafNode.EndOf(leaf, first) == found)
            {
                first++;
            }

            if (first == leaf->Count)
            {
                // No entry starts between here and the next leaf.
                start = leaf->NextStart;
                if (start >= EndPage)
                {
                    return;
                }

                continue;
            }

            // Starts below the end, by the position of the last page before it.
            int stop = end >= leaf->NextStart ? leaf->Count : PositionOf(leaf, end - 1) + 1;
            if (stop <= first)
            {
                return;
            }

            ulong next = leaf->NextStart;
            bool isWhole = stop == leaf->Count;
            RemoveRun(first, stop);
            if (!isWhole || next >= EndPage)
            {
                return;
            }

            start = next;
        }
    }

    /// <summary>Takes entries [first, stop) out of the path's leaf.</summary>
    private void RemoveRun(int first, int stop)
    {
        LeafNode* leaf = _path->Leaf;
        int count = leaf->Count;
        int removed = stop - first;
        for (int i = first; i < stop; i++)
        {
            Unpack(leaf->Flags[i], *LeafNode.TagOf(leaf, i));
            LeafNode.DropTag(leaf, leaf->Flags[i]);
        }

        _count -= (nuint)removed;
        if (removed == count)
        {
            RemoveLeaf();
            return;
        }

        ulong lastEnd = LeafNode.EndOf(leaf, stop == count ? first - 1 : count - 1);
        int moved = count - stop;
        int left = count - removed;
        int* starts = LeafNode.Starts(leaf);
        new Span<int>(starts + stop, moved + 1).CopyTo(new Span<int>(starts + first, moved + 1));
        new Span<int>(leaf->Ends + stop, moved).CopyTo(new Span<int>(leaf->Ends + first, moved));
        new Span<uint>(leaf->Flags + stop, moved).CopyTo(new Span<uint>(leaf->Flags + first, moved));
        new Span<int>(starts + left + 1, removed).Fill(LeafNode.Saturated);
        new Span<int>(leaf->Ends + left, removed).Fill(LeafNode.Saturated);
        leaf->Count = (ushort)left;
        FinishTail(leaf, lastEnd);
        if (first == 0)
        {
            FirstEntryChanged();
        }

        RefreshLeaf(_path);
        if (left < LeafNode.LeastFill)
        {
            RepairLeaf();
        }
    }

    /// <summary>After the start or the reserve of a leaf's first entry has changed: its key and the gap below it.</summary>
    private void FirstEntryChanged()
    {
        LeafNode* leaf = _path->Leaf;
        ulong start = LeafNode.StartOf(leaf, 0);
        SetKey(_path, 1, start);
        SetNext(start, ReserveOf(leaf, 0));
    }

    /// <summary>Tells the leaf before that of the path what comes after it.</summary>
    private void SetNext(ulong start, ulong reserve)
    {
        LeafNode* previous = WayToPrevious();
        ulong lastEnd = LeafNode.EndOf(previous, previous->Count - 1);
        previous->NextStart = start;
        previous->NextReserve = reserve;
        FinishTail(previous, lastEnd);
        RefreshLeaf(_otherPath);
    }

    /// <summary>Takes the path's leaf, all of whose entries have gone, out of the tree. It is not the first.</summary>
    private void RemoveLeaf()
    {
        LeafNode* leaf = _path->Leaf;
        SetNext(leaf->NextStart, leaf->NextReserve);
        new Span<int>(_freshFigures, FigureClasses.Count).Clear();
        Propagate(_path, _freshFigures, FigureClasses.All);
        if (_customCount != 0)
        {
            // The leaf as it is: its last entry's gap has gone to the leaf before it.
            leaf->Count = 0;
            leaf->Traits = 0;
            PropagateCustom(_path);
        }

        InnerNode* parent = _path[1].Inner;
        int slot = _path[1].Slot;
        uint number = parent->Children[slot];
        DropChild(parent, slot);
        FreeLeaf(number);
        if (slot == 0)
        {
            SetKey(_path, 2, parent->Keys[0]);
        }

        _pathIsCurrent = false;
        RepairInner(1);
    }
}
