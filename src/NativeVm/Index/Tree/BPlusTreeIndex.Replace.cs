using System.Diagnostics;

namespace NativeVm.Index.Tree;

internal sealed unsafe partial class BPlusTreeIndex
{
    public void Replace(ulong start, in EntryRecord entry)
    {
        LeafNode* leaf = WayTo(start);
        int position = PositionOf(leaf, start);
        Debug.Assert(LeafNode.StartOf(leaf, position) == start, "An entry starts there.");
        ulong end = LeafNode.EndOf(leaf, position);
        uint oldFlags = leaf->Flags[position];
        if (entry.Start != start && !TryMoveStart(leaf, position, entry.Start))
        {
            Remove(start);
            Insert(entry);
            return;
        }

        ulong* place = LeafNode.TagOf(leaf, position);
        Unpack(oldFlags, *place);
        uint flags = Pack(entry, out ulong tag);
        leaf->Flags[position] = flags | (oldFlags & LeafNode.TagPlaceBits);
        *place = tag;
        if (start == entry.Start && end == entry.End && ((flags | oldFlags) & ReserveBit) == 0)
        {
            return;
        }

        ulong lastEnd = position == leaf->Count - 1 ? entry.End : LeafNode.EndOf(leaf, leaf->Count - 1);
        leaf->Ends[position] = (int)Math.Min(entry.End - leaf->Base, LeafNode.Saturated);
        FinishTail(leaf, lastEnd);
        if (position == 0)
        {
            FirstEntryChanged();
        }

        RefreshLeaf(_path);
        if (IsSelfChecking)
        {
            CountChange();
        }
    }

    /// <summary>Gives an entry another start in its place, unless that is out of the leaf's reach.</summary>
    private static bool TryMoveStart(LeafNode* leaf, int position, ulong start)
    {
        if (start >= leaf->Base && start - leaf->Base < LeafNode.Saturated)
        {
            LeafNode.Starts(leaf)[position] = (int)(start - leaf->Base);
            return true;
        }

        // Only the first entry's start can lie below the base, and then all the others move away from it.
        ulong origin = LeafNode.BaseFor(start);
        int last = leaf->Count - 1;
        if (start >= leaf->Base || LeafNode.StartOf(leaf, last) - origin >= LeafNode.Saturated)
        {
            return false;
        }

        ulong lastEnd = LeafNode.EndOf(leaf, last);
        int by = (int)(leaf->Base - origin);
        int* starts = LeafNode.Starts(leaf);
        for (int i = 0; i <= last; i++)
        {
            starts[i] += by;
            if (i < last)
            {
                leaf->Ends[i] += by;
            }
        }

        starts[0] = (int)(start - origin);
        leaf->Base = origin;
        leaf->LongEnd = lastEnd;
        leaf->Traits |= LeafNode.Wide;
        return true;
    }
}
