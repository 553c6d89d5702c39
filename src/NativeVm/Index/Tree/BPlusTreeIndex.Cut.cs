using System.Diagnostics;
using NativeVm.Index.Kernels;

namespace NativeVm.Index.Tree;

internal sealed unsafe partial class BPlusTreeIndex
{
    /// <summary>
    /// In a leaf with room, without moving what is not moved by opening two slots: no gap changes, and so no figure.
    /// </summary>
    public void Cut(ulong start, ulong from, ulong to, uint flags)
    {
        LeafNode* leaf = WayTo(start);
        ulong offset = start - leaf->Base;
        if (leaf->Count + 2 > LeafNode.Capacity || leaf->Traits != 0 || offset >= LeafNode.Saturated)
        {
            EntryCut.ByParts(this, start, from, to, flags);
            return;
        }

        int position = PositionOf(leaf, (int)offset);
        int end = leaf->Ends[position];
        uint oldFlags = leaf->Flags[position];
        if (end >= LeafNode.Saturated || ((oldFlags | flags) & (DetailBit | ReserveBit)) != 0)
        {
            EntryCut.ByParts(this, start, from, to, flags);
            return;
        }

        Debug.Assert(LeafNode.StartOf(leaf, position) == start && start < from && from < to, "An entry starts there, below the cut.");
        int lower = (int)(from - leaf->Base);
        int upper = (int)(to - leaf->Base);
        Debug.Assert(upper < end, "Something is left above.");
        NodeKernels.Open(leaf->Nexts, position, upper);
        NodeKernels.Open(leaf->Nexts, position, lower);
        leaf->Ends[position] = lower;
        NodeKernels.Open(leaf->Ends, position + 1, end);
        NodeKernels.Open(leaf->Ends, position + 1, upper);
        ulong tag = *LeafNode.TagOf(leaf, position);
        NodeKernels.Open((int*)leaf->Flags, position + 1, (int)LeafNode.AddTag(leaf, oldFlags & ~OwnBits, tag));
        NodeKernels.Open((int*)leaf->Flags, position + 1, (int)LeafNode.AddTag(leaf, flags, tag));
        leaf->Count += 2;
        _count += 2;
        if (IsSelfChecking)
        {
            CountChange();
        }
    }
}
