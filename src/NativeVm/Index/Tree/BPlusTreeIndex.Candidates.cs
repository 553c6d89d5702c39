using System.Numerics;
using NativeVm.Index.Kernels;

namespace NativeVm.Index.Tree;

/// <content>The leaves that may have a fit, in order, for searches of every kind but the plain one.</content>
internal sealed unsafe partial class BPlusTreeIndex
{
    /// <summary>How many leaves such searches have looked into; for tests of their cost.</summary>
    internal ulong VisitedLeafCount { get; private set; }

    /// <summary>The first leaf, from the one a page lies in, whose figure in a class is at least a value; or null.</summary>
    private LeafNode* FirstCandidate(ulong start, int figureClass, int least)
    {
        PathStep* step = _path + _height;
        void* node = _root;
        while (step != _path)
        {
            InnerNode* inner = (InnerNode*)node;
            int slot = NodeKernels.CountAtOrBelow(inner->Keys, start) - 1;
            ulong fits = NodeKernels.AtLeast(RowOf(inner, figureClass), least) & (ulong.MaxValue << slot);
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
        VisitedLeafCount++;
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
                VisitedLeafCount++;
                return step->Leaf;
            }

            step->Node = InnerAt(child);
            step->Rest = NodeKernels.AtLeast(RowOf(step->Inner, figureClass), least);
        }
    }
}
