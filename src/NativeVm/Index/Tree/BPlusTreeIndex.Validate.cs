using System.Diagnostics.CodeAnalysis;
using NativeVm.Index.Kernels;

namespace NativeVm.Index.Tree;

internal sealed unsafe partial class BPlusTreeIndex
{
    public void Validate()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (_root == null)
        {
            return;
        }

        Proof proof = default;
        ProveSubtree(_root, _height, FirstPage, EndPage, 0, ref proof);
        Demand(proof.Entries - 1 == _count, FirstPage, "the count of entries is wrong");
        Demand(proof.Reserves == _reserveCount, FirstPage, "the count of growth reserves is wrong");
        Demand(_height < MostLevels, FirstPage, "the tree is too high");
        if (_pathIsCurrent)
        {
            ProvePath();
        }
    }

    private void ProveSubtree(void* node, int level, ulong start, ulong end, ulong reserveAfter, ref Proof proof)
    {
        if (level == 0)
        {
            ProveLeaf((LeafNode*)node, start, end, reserveAfter, ref proof);
            return;
        }

        InnerNode* inner = (InnerNode*)node;
        Demand(inner == InnerAt(inner->Number), start, "an inner node has another node's number");
        Demand(inner->Count <= InnerNode.Capacity, start, "an inner node has too many children");
        Demand(inner->Count >= (node == _root ? 2 : InnerNode.LeastFill), start, "an inner node has too few children");
        Demand(inner->Keys[0] == start, start, "a key is not its first entry's start");
        for (int i = 0; i < InnerNode.Capacity; i++)
        {
            if (i >= inner->Count)
            {
                Demand(inner->Keys[i] == InnerNode.NoKey, start, "an unused key is set");
                continue;
            }

            ulong from = inner->Keys[i];
            bool isLast = i == inner->Count - 1;
            ulong to = isLast ? end : inner->Keys[i + 1];
            void* child = level == 1 ? LeafAt(inner->Children[i]) : InnerAt(inner->Children[i]);
            ulong reserve = isLast ? reserveAfter : ReserveOf(FirstLeaf(inner->Children[i + 1], level - 1), 0);
            Demand(from < to || proof.Entries == 1, from, "keys are not in order");
            ProveSubtree(child, level - 1, from, to, reserve, ref proof);
            int* figures = level == 1 ? ((LeafNode*)child)->Figures : ((InnerNode*)child)->Figures;
            for (int k = 0; k < FigureClasses.Count; k++)
            {
                Demand(*InnerNode.FigureOf(inner, k, i) == figures[k], from, "a figure differs from the child's");
            }

            for (int k = 0; k < _customCount; k++)
            {
                int expected = level == 1
                    ? CustomFigureSlowly((LeafNode*)child, _custom[k].Alignment)
                    : NodeKernelsScalar.Largest(CustomRow((InnerNode*)child, k));
                Demand(CustomRow(inner, k)[i] == expected, from, "a figure of a custom class is wrong");
            }
        }

        for (int k = 0; k < FigureClasses.Count; k++)
        {
            int largest = 0;
            for (int i = 0; i < InnerNode.Capacity; i++)
            {
                int figure = *InnerNode.FigureOf(inner, k, i);
                largest = Math.Max(largest, figure);
                Demand(figure == 0 || i < inner->Count, start, "an unused figure is set");
            }

            Demand(inner->Figures[k] == largest, start, "a figure is not the children's largest");
        }

        for (int k = 0; k < _customCount; k++)
        {
            for (int i = inner->Count; i < InnerNode.Capacity; i++)
            {
                Demand(CustomRow(inner, k)[i] == 0, start, "an unused figure is set");
            }
        }
    }

    private LeafNode* FirstLeaf(uint number, int level)
    {
        while (level-- > 0)
        {
            number = InnerAt(number)->Children[0];
        }

        return LeafAt(number);
    }

    private void ProveLeaf(LeafNode* leaf, ulong start, ulong end, ulong reserveAfter, ref Proof proof)
    {
        int count = leaf->Count;
        Demand(count is > 0 and <= LeafNode.Capacity, start, "a leaf has no entries or too many");
        Demand(
            count >= LeafNode.LeastFill || leaf == _root || EndPage - FirstPage >= LeafNode.Saturated / 2,
            start,
            "a leaf has too few entries");
        Demand(LeafNode.BaseFor(leaf->Base) == leaf->Base, start, "a base is not aligned");
        Demand(LeafNode.StartOf(leaf, 0) == start, start, "a leaf's first start is not its key");
        Demand(leaf->NextStart == end, start, "a leaf's end is not the next leaf's start");
        Demand(leaf->NextReserve == reserveAfter, start, "a leaf has not the reserve of the next leaf's first entry");
        bool isWide = end - leaf->Base > LeafNode.Saturated;
        Demand(((leaf->Traits & LeafNode.Wide) != 0) == isWide, start, "a leaf's width is wrong");

        uint places = leaf->FreeTags;
        uint reserves = leaf->NextReserve != 0 ? ReserveBit : 0;
        for (int i = 0; i < LeafNode.Capacity; i++)
        {
            if (i >= count)
            {
                Demand(
                    leaf->Nexts[i] == LeafNode.Saturated && leaf->Ends[i] == LeafNode.Saturated,
                    start,
                    "an unused offset is set");
                continue;
            }

            ulong low = LeafNode.StartOf(leaf, i);
            ulong high = LeafNode.EndOf(leaf, i);
            ulong next = LeafNode.NextOf(leaf, i);
            bool isFirst = proof.Entries++ == 0;
            Demand(isFirst ? low == FirstPage && high == low : high > low, low, "an entry is empty");
            Demand(next >= high, low, "entries overlap");
            Demand(
                leaf->Nexts[i] == (int)Math.Min(next - leaf->Base, LeafNode.Saturated)
                && leaf->Ends[i] == (int)Math.Min(high - leaf->Base, LeafNode.Saturated),
                low,
                "an offset is wrong");
            uint flags = leaf->Flags[i];
            bool hasReserve = (flags & ReserveBit) != 0;
            uint place = 1u << (int)(LeafNode.TagOf(leaf, i) - leaf->Tags);
            Demand((places & place) == 0, low, "two entries have one tag");
            places |= place;
            proof.Reserves += hasReserve ? 1u : 0;
            reserves |= i == 0 ? 0 : flags;
            Demand(hasReserve == (ReserveOf(leaf, i) != 0), low, "a growth reserve is not marked");
        }

        Demand(
            ((leaf->Traits & LeafNode.HasReserves) != 0) == ((reserves & ReserveBit) != 0),
            start,
            "a leaf's growth reserves are not marked");
        Demand(places == uint.MaxValue, start, "a tag is lost");
        ProveFigures(leaf, start);
    }

    private void ProveFigures(LeafNode* leaf, ulong start)
    {
        for (int k = 0; k < FigureClasses.Count; k++)
        {
            bool includeReserves = k == FigureClasses.WithReserves;
            ulong alignment = includeReserves ? 1 : 1UL << k;
            ulong largest = 0;
            for (int i = 0; i < leaf->Count; i++)
            {
                GapOf(leaf, i, includeReserves, out ulong low, out ulong high);
                ulong first = (low + alignment - 1) / alignment * alignment;
                largest = Math.Max(largest, high > first ? high - first : 0);
            }

            Demand(leaf->Figures[k] == (int)Math.Min(largest, LeafNode.Saturated), start, "a leaf's figure is wrong");
        }
    }

    private void ProvePath()
    {
        void* node = _root;
        for (int level = _height; level > 0; level--)
        {
            Demand(_path[level].Node == node, FirstPage, "the path leaves the tree");
            uint child = _path[level].Inner->Children[_path[level].Slot];
            node = level == 1 ? LeafAt(child) : InnerAt(child);
        }

        Demand(_path->Node == node, FirstPage, "the path does not end in its leaf");
    }

    private static void Demand([DoesNotReturnIf(false)] bool holds, ulong page, string what)
    {
        if (!holds)
        {
            throw new InvalidOperationException($"The index is damaged near page 0x{page:x}: {what}.");
        }
    }

    /// <summary>What has been seen so far on the way through all entries.</summary>
    private ref struct Proof
    {
        public nuint Entries;
        public nuint Reserves;
    }
}
