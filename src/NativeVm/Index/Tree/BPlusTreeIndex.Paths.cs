using System.Numerics;
using System.Runtime.CompilerServices;
using NativeVm.Index.Kernels;

namespace NativeVm.Index.Tree;

/// <content>Ways through the tree.</content>
/// <remarks>
/// The way last taken by a search or a change stays current until a node is split, merged or refilled, and saves
/// the next change near it the descent. Lookups, which may run side by side, leave it alone.
/// </remarks>
internal sealed unsafe partial class BPlusTreeIndex
{
    /// <summary>Takes the way to the leaf whose range, from its first start to the next leaf's, has a page.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private LeafNode* WayTo(ulong page)
    {
        LeafNode* leaf = _path->Leaf;
        return _pathIsCurrent && page < leaf->NextStart && page >= LeafNode.StartOf(leaf, 0) ? leaf : Descend(page);
    }

    private LeafNode* Descend(ulong page)
    {
        PathStep* step = _path + _height;
        void* node = _root;
        while (step != _path)
        {
            InnerNode* inner = (InnerNode*)node;
            int slot = NodeKernels.CountAtOrBelow(inner->Keys, page) - 1;
            step->Node = inner;
            step->Slot = slot;
            uint child = inner->Children[slot];
            step--;
            if (step == _path)
            {
                node = ComingLeafAt(child);
                if (_height > 2)
                {
                    // Where a change of the leaf will be told.
                    int* figures = inner->Groups + InnerNode.PlaceOf(slot);
                    Prefetch.FourLines((byte*)(inner->Plain + slot), (byte*)inner, (byte*)figures, (byte*)(figures + InnerNode.GroupInts));
                }
            }
            else
            {
                node = InnerAt(child);
            }
        }

        step->Node = node;
        _pathIsCurrent = true;
        return (LeafNode*)node;
    }

    /// <summary>A leaf most of whose lines will be needed: asked for together, they cost one miss.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private LeafNode* ComingLeafAt(uint number)
    {
        LeafNode* leaf = LeafAt(number);
        Prefetch.EightLines((byte*)leaf);
        return leaf;
    }

    /// <summary>The entry of a leaf with the highest start at or below a page, which its range has.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int PositionOf(LeafNode* leaf, ulong page) => PositionOf(leaf, LeafNode.OffsetOf(leaf, page));

    // The starts are in order, so those above are counted. (Not by the first bit's number: where there is no TZCNT,
    // the compiler of .NET 10 takes BSF's zero flag for "the number is zero", which it is not.)
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int PositionOf(LeafNode* leaf, int offset) =>
        BitOperations.PopCount(~NodeKernels.Above(leaf->Nexts, offset));

    /// <summary>Makes the other path the way to the leaf before that of the path, which is not the first.</summary>
    private LeafNode* WayToPrevious()
    {
        int level = 1;
        while (_path[level].Slot == 0)
        {
            level++;
        }

        for (int i = level; i <= _height; i++)
        {
            _otherPath[i] = _path[i];
        }

        _otherPath[level].Slot--;
        for (int i = level - 1; i >= 0; i--)
        {
            uint child = _otherPath[i + 1].Inner->Children[_otherPath[i + 1].Slot];
            if (i == 0)
            {
                _otherPath[0].Node = LeafAt(child);
            }
            else
            {
                _otherPath[i].Node = InnerAt(child);
                _otherPath[i].Slot = _otherPath[i].Inner->Count - 1;
            }
        }

        return _otherPath->Leaf;
    }

    /// <summary>Sets the key of a path's child at a level and above, as far up as it is the first.</summary>
    private void SetKey(PathStep* path, int level, ulong key)
    {
        for (int i = level; i <= _height; i++)
        {
            path[i].Inner->Keys[path[i].Slot] = key;
            if (path[i].Slot != 0)
            {
                return;
            }
        }
    }
}
