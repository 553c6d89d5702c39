using System.Numerics;
using System.Runtime.CompilerServices;
using NativeVm.Index.Kernels;

namespace NativeVm.Index.Tree;

internal sealed unsafe partial class BPlusTreeIndex
{
    public ulong LargestGap
    {
        get
        {
            if (_root == null)
            {
                return EndPage - FirstPage;
            }

            int largest = _height == 0
                ? ((LeafNode*)_root)->Figures[FigureClasses.WithReserves]
                : ((InnerNode*)_root)->Figures[FigureClasses.WithReserves];
            return largest < LeafNode.Saturated ? (ulong)largest : LargestGapBelow(_root, _height);
        }
    }

    /// <summary>The exact largest gap where the figures are saturated; few leaves of any address space are.</summary>
    private ulong LargestGapBelow(void* node, int level)
    {
        ulong largest = 0;
        if (level == 0)
        {
            LeafNode* leaf = (LeafNode*)node;
            for (int i = 0; i < leaf->Count; i++)
            {
                GapOf(leaf, i, includeReserves: true, out ulong low, out ulong high);
                largest = Math.Max(largest, high - low);
            }

            return largest;
        }

        InnerNode* inner = (InnerNode*)node;
        for (int i = 0; i < inner->Count; i++)
        {
            if (*InnerNode.FigureOf(inner, FigureClasses.WithReserves, i) == LeafNode.Saturated)
            {
                void* child = level == 1 ? LeafAt(inner->Children[i]) : InnerAt(inner->Children[i]);
                largest = Math.Max(largest, LargestGapBelow(child, level - 1));
            }
        }

        return largest;
    }

    public bool TryFindSpace(in SpaceQuery query, out ulong page)
    {
        ulong start = Math.Max(query.Start, FirstPage);
        ulong limit = Math.Min(query.Limit, EndPage);
        ulong length = query.PageCount;
        page = 0;
        if (start >= limit || length > limit - start)
        {
            return false;
        }

        if (_root == null && (query.IsPlain || !TryMakeRoot()))
        {
            return query.IsPlain && GapFit.TryFit(FirstPage, EndPage, query, out page);
        }

        if (!query.IsPlain)
        {
            return TryFindByPolicy(query, out page);
        }

        return FigureClasses.IsExact(query.Alignment) && !Includes(query)
            ? TryFindFirst(start, limit, length, FigureClasses.Bounding(query.Alignment), out page)
            : TryFindLowest(query, out page);
    }

    /// <summary>
    /// First fit from a page on, anywhere in the index and outside growth reserves, for an alignment that has exact
    /// figures: what most searches are.
    /// </summary>
    /// <param name="start">The lowest page that the result may start at.</param>
    /// <param name="pageCount">Pages to find; not 0.</param>
    /// <param name="alignment">A power of two of pages, up to <see cref="FigureClasses.LargestAlignment"/>.</param>
    /// <param name="page">The page found; 0 when none was.</param>
    public bool TryFindFirst(ulong start, ulong pageCount, ulong alignment, out ulong page)
    {
        if (_root == null || start >= EndPage || pageCount > EndPage - start)
        {
            return TryFindSpace(new SpaceQuery(start, EndPage, pageCount, alignment, false), out page);
        }

        return TryFindFirst(start, EndPage, pageCount, BitOperations.TrailingZeroCount(alignment), out page);
    }

    /// <summary>First fit for an alignment that has exact figures.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryFindFirst(ulong start, ulong limit, ulong length, int figureClass, out ulong page)
    {
        int least = (int)Math.Min(length, LeafNode.Saturated);
        int mask = (1 << figureClass) - 1;
        int group = InnerNode.GroupNumberOf(figureClass) * InnerNode.GroupInts;
        int lane = InnerNode.LaneOf(figureClass);
        PathStep* path = _path;
        PathStep* step = path + _height;
        void* node = _root;
        bool isBelowStart = start > FirstPage;
        _pathIsCurrent = true;
        while (true)
        {
            // Down along the first children that have room. The one that the start lies in may have none above it.
            while (step != path)
            {
                VisitedNodeCount++;
                InnerNode* inner = (InnerNode*)node;
                ulong fits = figureClass == 0
                    ? NodeKernels.AtLeast(inner->Plain, least)
                    : GroupKernels.AtLeast(inner->Groups + group, lane, least);
                if (isBelowStart)
                {
                    int first = NodeKernels.CountAtOrBelow(inner->Keys, start) - 1;
                    fits = first < 0 ? fits : fits & (ulong.MaxValue << first);
                    isBelowStart = (fits & (1UL << (first & 63))) != 0;
                }

                step->Node = inner;
                if (fits == 0)
                {
                    break;
                }

                int slot = BitOperations.TrailingZeroCount(fits);
                step->Slot = slot;
                step->Rest = fits & (fits - 1);
                uint child = inner->Children[slot];
                step--;
                node = step == path ? ComingLeafAt(child) : InnerAt(child);
            }

            if (step == path)
            {
                VisitedNodeCount++;
                LeafNode* leaf = (LeafNode*)node;
                step->Node = leaf;
                if (leaf->Traits == 0)
                {
                    int from = LeafNode.OffsetOf(leaf, start);
                    uint fits = NodeKernels.Fitting(leaf->Ends, leaf->Nexts, from, mask, least);
                    if (fits != 0)
                    {
                        int position = BitOperations.TrailingZeroCount(fits);
                        step->Slot = position;
                        page = leaf->Base + (uint)((Math.Max(leaf->Ends[position], from) + mask) & ~mask);
                        return page <= limit - length || Miss(out page);
                    }
                }
                else if (TryFindInSpecialLeaf(leaf, start, length, (uint)mask, out page))
                {
                    return page <= limit - length || Miss(out page);
                }
            }

            // Nothing there: the next child on the way back up.
            isBelowStart = false;
            do
            {
                if (++step > path + _height)
                {
                    // The way is not one to a leaf.
                    _pathIsCurrent = false;
                    return Miss(out page);
                }
            }
            while (step->Rest == 0);

            int next = BitOperations.TrailingZeroCount(step->Rest);
            step->Slot = next;
            step->Rest &= step->Rest - 1;
            uint number = step->Inner->Children[next];
            step--;
            node = step == path ? LeafAt(number) : InnerAt(number);
        }
    }

    private static bool Miss(out ulong page)
    {
        page = 0;
        return false;
    }

    private bool TryFindInSpecialLeaf(LeafNode* leaf, ulong start, ulong length, ulong mask, out ulong page)
    {
        for (int i = 0; i < leaf->Count; i++)
        {
            GapOf(leaf, i, includeReserves: false, out ulong low, out ulong high);
            ulong first = (Math.Max(low, start) + mask) & ~mask;
            if (first < high && high - first >= length)
            {
                page = first;
                return true;
            }
        }

        return Miss(out page);
    }

    /// <summary>First fit for any query, one gap after another in the leaves whose figures admit a fit.</summary>
    private bool TryFindLowest(in SpaceQuery query, out ulong page)
    {
        bool includeReserves = Includes(query);
        int figureClass = BoundOf(query);
        bool isBound = !includeReserves && query.Phase == 0 && figureClass < FigureClasses.Count
            && !FigureClasses.IsExact(query.Alignment);
        int least = LeastOf(query);
        ulong start = Math.Max(query.Start, FirstPage);
        ulong leaves = 0;
        LeafNode* leaf = start < EndPage ? FirstCandidate(start, figureClass, least) : null;
        while (leaf != null && LeafNode.StartOf(leaf, 0) < query.Limit)
        {
            for (int i = 0; i < leaf->Count; i++)
            {
                GapOf(leaf, i, includeReserves, out ulong low, out ulong high);
                if (high - low >= query.PageCount && GapFit.TryFit(low, high, query, out page))
                {
                    return true;
                }
            }

            _leavesInVain += isBound ? 1u : 0;
            if (isBound && ++leaves == Patience && TryAddCustomClass(query.Alignment))
            {
                isBound = false;
                figureClass = ClassOf(query.Alignment);
                leaf = FirstCandidate(start, figureClass, least);
                continue;
            }

            leaf = NextCandidate(figureClass, least);
        }

        return Miss(out page);
    }
}
