using System.Numerics;
using NativeVm.Index.Kernels;

namespace NativeVm.Index.Tree;

/// <content>The leaves that may have a fit, in order, for searches of every kind but the plain one.</content>
internal sealed unsafe partial class BPlusTreeIndex
{
    /// <summary>How many nodes searches and batches have looked into; so that tests see costs without a clock.</summary>
    internal ulong VisitedNodeCount { get; private set; }

    /// <summary>The first leaf, from the one a page lies in, whose figure in a class is at least a value; or null.</summary>
    private LeafNode* FirstCandidate(ulong start, int figureClass, int least)
    {
        PathStep* step = _path + _height;
        void* node = _root;
        while (step != _path)
        {
            VisitedNodeCount++;
            InnerNode* inner = (InnerNode*)node;
            int slot = NodeKernels.CountAtOrBelow(inner->Keys, start) - 1;
            ulong fits = AtLeast(inner, figureClass, least) & (ulong.MaxValue << slot);
            step->Node = inner;
            step->Slot = slot;
            step->Rest = fits & ~(1UL << slot);
            if ((fits & (1UL << slot)) == 0)
            {
                step--;
                return NextCandidateAbove(step, figureClass, least);
            }

            uint child = inner->Children[slot];
            step--;
            node = step == _path ? LeafAt(child) : InnerAt(child);
        }

        step->Node = node;
        _pathIsCurrent = true;
        VisitedNodeCount++;
        LeafNode* leaf = (LeafNode*)node;
        return figureClass >= FigureClasses.Count || leaf->Figures[figureClass] >= least
            ? leaf
            : NextCandidateAbove(step, figureClass, least);
    }

    /// <summary>The leaf after the path's whose figure in a class is at least a value; or null.</summary>
    private LeafNode* NextCandidate(int figureClass, int least) => NextCandidateAbove(_path, figureClass, least);

    /// <summary>The next leaf whose figure is at least a value, above the level that a search has come back to.</summary>
    private LeafNode* NextCandidateAbove(PathStep* step, int figureClass, int least)
    {
        do
        {
            if (++step > _path + _height)
            {
                _pathIsCurrent = false;
                return null;
            }
        }
        while (step->Rest == 0);

        _pathIsCurrent = true;
        while (true)
        {
            int slot = BitOperations.TrailingZeroCount(step->Rest);
            step->Slot = slot;
            step->Rest &= step->Rest - 1;
            uint child = step->Inner->Children[slot];
            step--;
            if (step == _path)
            {
                step->Node = LeafAt(child);
                VisitedNodeCount++;
                return step->Leaf;
            }

            VisitedNodeCount++;
            step->Node = InnerAt(child);
            step->Rest = AtLeast(step->Inner, figureClass, least);
        }
    }

    /// <summary>The last leaf, from the one a page lies in downwards, whose figure is at least a value; or null.</summary>
    private LeafNode* LastCandidate(ulong page, int figureClass, int least)
    {
        PathStep* step = _path + _height;
        void* node = _root;
        while (step != _path)
        {
            VisitedNodeCount++;
            InnerNode* inner = (InnerNode*)node;
            int slot = NodeKernels.CountAtOrBelow(inner->Keys, page) - 1;
            ulong fits = AtLeast(inner, figureClass, least) & (ulong.MaxValue >> (63 - slot));
            step->Node = inner;
            step->Slot = slot;
            step->Rest = fits & ~(1UL << slot);
            uint child = inner->Children[slot];
            bool isCandidate = (fits & (1UL << slot)) != 0;
            step--;
            if (!isCandidate)
            {
                return PreviousCandidateAbove(step, figureClass, least);
            }

            node = step == _path ? LeafAt(child) : InnerAt(child);
        }

        step->Node = node;
        _pathIsCurrent = true;
        VisitedNodeCount++;
        return step->Leaf;
    }

    /// <summary>The leaf before the path's whose figure in a class is at least a value; or null.</summary>
    private LeafNode* PreviousCandidate(int figureClass, int least) =>
        PreviousCandidateAbove(_path, figureClass, least);

    private LeafNode* PreviousCandidateAbove(PathStep* step, int figureClass, int least)
    {
        do
        {
            if (++step > _path + _height)
            {
                _pathIsCurrent = false;
                return null;
            }
        }
        while (step->Rest == 0);

        _pathIsCurrent = true;
        while (true)
        {
            int slot = BitOperations.Log2(step->Rest);
            step->Slot = slot;
            step->Rest ^= 1UL << slot;
            uint child = step->Inner->Children[slot];
            step--;
            if (step == _path)
            {
                step->Node = LeafAt(child);
                VisitedNodeCount++;
                return step->Leaf;
            }

            VisitedNodeCount++;
            step->Node = InnerAt(child);
            step->Rest = AtLeast(step->Inner, figureClass, least);
        }
    }
}
