using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using NativeVm.Index.Kernels;

namespace NativeVm.Index.Tree;

/// <content>The figures of leaves and inner nodes, kept eagerly.</content>
internal sealed unsafe partial class BPlusTreeIndex
{
    /// <summary>The free part of a gap: without the growth reserve in it unless that is asked for.</summary>
    private void GapOf(LeafNode* leaf, int index, bool includeReserves, out ulong low, out ulong high)
    {
        low = LeafNode.EndOf(leaf, index);
        high = LeafNode.NextOf(leaf, index);
        if (!includeReserves && (leaf->Traits & LeafNode.HasReserves) != 0)
        {
            ulong reserve = index == leaf->Count - 1 ? leaf->NextReserve : ReserveOf(leaf, index + 1);
            high = high - low > reserve ? high - reserve : low;
        }
    }

    /// <summary>Writes a leaf's tail: its last end, the start after it, and the traits that follow from the entries.</summary>
    private void FinishTail(LeafNode* leaf, ulong lastEnd)
    {
        int last = leaf->Count - 1;
        ulong end = lastEnd - leaf->Base;
        ulong next = leaf->NextStart - leaf->Base;
        leaf->LongEnd = lastEnd;
        leaf->Ends[last] = (int)Math.Min(end, LeafNode.Saturated);
        leaf->Nexts[last] = (int)Math.Min(next, LeafNode.Saturated);
        leaf->Traits = next > LeafNode.Saturated ? LeafNode.Wide : (ushort)0;
        if (_reserveCount != 0)
        {
            uint any = leaf->NextReserve != 0 ? ReserveBit : 0;
            for (int i = 1; i <= last; i++)
            {
                any |= leaf->Flags[i];
            }

            leaf->Traits |= (any & ReserveBit) != 0 ? LeafNode.HasReserves : (ushort)0;
        }
    }

    /// <summary>Computes a leaf's figures anew.</summary>
    private void ComputeFigures(LeafNode* leaf, int* figures)
    {
        if (leaf->Traits == 0)
        {
            FigureKernels.OfGaps(leaf->Ends, leaf->Nexts, figures);
        }
        else
        {
            ComputeSpecialFigures(leaf, figures);
        }
    }

    [SkipLocalsInit]
    private void ComputeSpecialFigures(LeafNode* leaf, int* figures)
    {
        // The last gap and those with reserves in them are looked at one by one, the others as usual.
        int* nexts = stackalloc int[LeafNode.Capacity];
        new Span<int>(leaf->Nexts, LeafNode.Capacity).CopyTo(new Span<int>(nexts, LeafNode.Capacity));
        int last = leaf->Count - 1;
        nexts[last] = leaf->Ends[last];
        int largest = 0;
        if ((leaf->Traits & LeafNode.HasReserves) != 0)
        {
            for (int i = 0; i < last; i++)
            {
                largest = Math.Max(largest, nexts[i] - leaf->Ends[i]);
                ulong reserve = ReserveOf(leaf, i + 1);
                if (reserve != 0)
                {
                    int length = nexts[i] - leaf->Ends[i];
                    nexts[i] -= (int)Math.Min(reserve, (ulong)length);
                }
            }
        }

        FigureKernels.OfGaps(leaf->Ends, nexts, figures);
        GapOf(leaf, last, includeReserves: false, out ulong low, out ulong high);
        for (int k = 0; k <= FigureClasses.LargestShift; k++)
        {
            ulong mask = (1UL << k) - 1;
            ulong start = (low + mask) & ~mask;
            ulong room = high > start ? high - start : 0;
            figures[k] = (int)Math.Max((ulong)figures[k], Math.Min(room, LeafNode.Saturated));
        }

        ulong whole = Math.Min(leaf->NextStart - low, LeafNode.Saturated);
        figures[FigureClasses.WithReserves] = Math.Max(Math.Max(largest, figures[0]), (int)whole);
    }

    /// <summary>Brings the figures of a path's leaf up to date, and those above it.</summary>
    private void RefreshLeaf(PathStep* path)
    {
        LeafNode* leaf = path->Leaf;
        ComputeFigures(leaf, _freshFigures);
        uint changed = FigureKernels.Take(leaf->Figures, _freshFigures);
        if (changed != 0)
        {
            Propagate(path, leaf->Figures, changed);
        }

        if (_customCount != 0)
        {
            PropagateCustom(path);
        }
    }

    /// <summary>Carries figures that changed in a path's leaf upwards, as far as they change anything.</summary>
    private void Propagate(PathStep* path, int* figures, uint changed)
    {
        for (int level = 1; level <= _height; level++)
        {
            InnerNode* node = path[level].Inner;
            int slot = path[level].Slot;
            uint above = 0;
            do
            {
                int figureClass = BitOperations.TrailingZeroCount(changed);
                changed &= changed - 1;
                int* figure = InnerNode.FigureOf(node, figureClass, slot);
                int old = *figure;
                int fresh = figures[figureClass];
                int largest = node->Figures[figureClass];
                *figure = fresh;
                if (fresh < largest && old == largest)
                {
                    fresh = LargestOf(node, figureClass);
                }
                else if (fresh < largest)
                {
                    continue;
                }

                if (fresh != largest)
                {
                    node->Figures[figureClass] = fresh;
                    above |= 1u << figureClass;
                }
            }
            while (changed != 0);

            if (above == 0)
            {
                return;
            }

            changed = above;
            figures = node->Figures;
        }
    }

    /// <summary>Carries figures that rose in a path's leaf upwards, as far as they are the largest.</summary>
    private void PropagateRise(PathStep* path, int* figures, uint raised)
    {
        for (int level = 1; level <= _height && raised != 0; level++)
        {
            InnerNode* node = path[level].Inner;
            StoreColumn(node, path[level].Slot, figures, raised);
            raised = FigureKernels.Join(node->Figures, figures);
            figures = node->Figures;
        }
    }

    /// <summary>Carries figures that fell in the path's leaf upwards; <paramref name="old"/> is what they were.</summary>
    private void PropagateFall(LeafNode* leaf, int* old)
    {
        uint fallen = ~FigureKernels.Same(leaf->Figures, old) & FigureClasses.All;
        if (_height == 0 || fallen == 0)
        {
            return;
        }

        InnerNode* node = _path[1].Inner;
        StoreColumn(node, _path[1].Slot, leaf->Figures, fallen);
        fallen &= FigureKernels.Same(node->Figures, old);
        for (int level = 1; fallen != 0; level++)
        {
            uint above = 0;
            if ((fallen & 1) != 0)
            {
                above = FallInPlain(level);
                fallen &= ~1u;
            }

            while (fallen != 0)
            {
                int group = InnerNode.GroupNumberOf(BitOperations.TrailingZeroCount(fallen));
                fallen &= ~InnerNode.ClassesOf(group, InnerNode.AllLanes);
                above |= FallInGroup(level, group);
            }

            fallen = above;
        }
    }

    /// <summary>
    /// Computes the figure of the path's node at a level in class 0 and writes it where the parent has it; a bit for
    /// the class if the parent's own may fall in turn.
    /// </summary>
    private uint FallInPlain(int level)
    {
        InnerNode* node = _path[level].Inner;
        int before = node->Figures[0];
        int fresh = NodeKernels.Largest(node->Plain);
        node->Figures[0] = fresh;
        if (fresh == before || level == _height)
        {
            return 0;
        }

        InnerNode* parent = _path[level + 1].Inner;
        parent->Plain[_path[level + 1].Slot] = fresh;
        return parent->Figures[0] == before ? 1u : 0;
    }

    /// <summary>As <see cref="FallInPlain"/>, for the classes of a group at once.</summary>
    private uint FallInGroup(int level, int group)
    {
        InnerNode* node = _path[level].Inner;
        Vector128<int> before = InnerNode.TakeGroup(node->Figures, group);
        Vector128<int> fresh = GroupKernels.Largest(node->Groups + (group * InnerNode.GroupInts));
        if (fresh == before)
        {
            return 0;
        }

        InnerNode.PutGroup(node->Figures, group, fresh);
        if (level == _height)
        {
            return 0;
        }

        InnerNode* parent = _path[level + 1].Inner;
        Vector128.Store(fresh, parent->Groups + (group * InnerNode.GroupInts) + InnerNode.PlaceOf(_path[level + 1].Slot));
        Vector128<int> mayFall = Vector128.Equals(InnerNode.TakeGroup(parent->Figures, group), before)
            & Vector128.GreaterThan(before, fresh);
        return InnerNode.ClassesOf(group, mayFall.ExtractMostSignificantBits());
    }

    /// <summary>
    /// Writes the figures of a child that changed into its parent. Mostly the low classes change, and all of them
    /// do: those are written in any case, without a branch.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreColumn(InnerNode* node, int slot, int* figures, uint changed)
    {
        const uint Rare = (FigureClasses.All >> 1) & ~0xffu;
        int* places = node->Groups + InnerNode.PlaceOf(slot);
        node->Plain[slot] = figures[0];
        StoreGroup(places, 0, figures);
        StoreGroup(places, 1, figures);
        changed &= Rare;
        while (changed != 0)
        {
            int group = BitOperations.TrailingZeroCount(changed) / InnerNode.GroupLanes;
            changed &= ~0u << (InnerNode.GroupLanes * (group + 1));
            StoreGroup(places, group, figures);
        }
    }

    /// <summary>Writes the figures of a child into its parent; the parent's own do not follow.</summary>
    private static void StoreFigures(InnerNode* parent, int slot, int* figures)
    {
        int* places = parent->Groups + InnerNode.PlaceOf(slot);
        parent->Plain[slot] = figures[0];
        for (int group = 0; group < InnerNode.GroupCount; group++)
        {
            StoreGroup(places, group, figures);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreGroup(int* places, int group, int* figures) =>
        Vector128.Store(InnerNode.TakeGroup(figures, group), places + (group * InnerNode.GroupInts));

    private static int LargestOf(InnerNode* node, int figureClass) => figureClass == 0
        ? NodeKernels.Largest(node->Plain)
        : GroupKernels.Largest(InnerNode.GroupOf(node, figureClass)).GetElement(InnerNode.LaneOf(figureClass));

    private static void ComputeFigures(InnerNode* node)
    {
        node->Figures[0] = NodeKernels.Largest(node->Plain);
        for (int group = 0; group < InnerNode.GroupCount; group++)
        {
            InnerNode.PutGroup(node->Figures, group, GroupKernels.Largest(node->Groups + (group * InnerNode.GroupInts)));
        }
    }
}
