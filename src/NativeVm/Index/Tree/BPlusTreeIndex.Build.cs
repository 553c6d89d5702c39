using System.Runtime.CompilerServices;

namespace NativeVm.Index.Tree;

/// <content>Building a whole tree at once: leaves from left to right, then one level of inner nodes after another.</content>
internal sealed unsafe partial class BPlusTreeIndex
{
    // Not full, so that the first inserts split nothing.
    private const int BuiltLeafFill = 28;
    private const int BuiltInnerFill = 56;

    /// <summary>
    /// Fills an empty index with entries in the order of their addresses, at a cost that is linear in their number.
    /// </summary>
    /// <param name="entries">Inside the index, in order, none overlapping another.</param>
    /// <returns><see langword="false"/> when the memory cannot be had; the index is then empty as before.</returns>
    /// <exception cref="InvalidOperationException">The index has entries.</exception>
    /// <exception cref="ArgumentException">The entries are out of order, empty, overlapping or outside the index.</exception>
    public bool TryBuildFrom(ReadOnlySpan<EntryRecord> entries)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        RequireOrder(entries);
        if (_count != 0)
        {
            throw new InvalidOperationException("An index is built once, while it is empty.");
        }

        if (!TryReserve((nuint)entries.Length))
        {
            return false;
        }

        if (entries.IsEmpty)
        {
            return true;
        }

        _pathIsCurrent = false;
        uint first = BuildLeaves(entries, out nuint nodes);
        while (nodes > 1)
        {
            first = BuildLevel(first, ref nodes);
            _height++;
        }

        _root = _height == 0 ? LeafAt(first) : InnerAt(first);
        return true;
    }

    /// <summary>How many nodes share a number of parts, as full as wished but none too empty.</summary>
    private static nuint NodesFor(nuint parts, nuint fill, nuint leastFill) =>
        nuint.Max(1, nuint.Min((parts + fill - 1) / fill, parts / leastFill));

    /// <summary>Makes the leaves; they are chained by <see cref="LeafNode.NextFree"/>.</summary>
    [SkipLocalsInit]
    private uint BuildLeaves(ReadOnlySpan<EntryRecord> entries, out nuint leaves)
    {
        nuint left = (nuint)entries.Length + 1;
        nuint wanted = NodesFor(left, BuiltLeafFill, LeafNode.LeastFill);
        LeafNode* leaf = (LeafNode*)_root;
        uint first = (uint)(((byte*)leaf - _leaves) >> LineShift);
        LeafContents contents;
        ReadAll(leaf, &contents, 0);
        int count = 1;
        int done = 0;
        leaves = 1;
        while (true)
        {
            int most = (int)(left / wanted);
            ulong origin = LeafNode.BaseFor(contents.Starts[0]);
            while (done < entries.Length && count < most && entries[done].Start - origin < LeafNode.Saturated)
            {
                Take(entries[done++], &contents, count++);
            }

            if (done == entries.Length)
            {
                Write(leaf, &contents, 0, count, EndPage, 0);
                return first;
            }

            Write(leaf, &contents, 0, count, entries[done].Start, entries[done].Detail.GrowthReserve);
            left -= (nuint)count;
            wanted = nuint.Max(wanted - 1, NodesFor(left, BuiltLeafFill, LeafNode.LeastFill));
            LeafNode* next = AllocateLeaf(out leaf->NextFree);
            leaf = next;
            leaves++;
            Take(entries[done++], &contents, 0);
            count = 1;
        }
    }

    private void Take(in EntryRecord entry, LeafContents* contents, int at)
    {
        contents->Starts[at] = entry.Start;
        contents->Ends[at] = entry.End;
        contents->Flags[at] = Pack(entry, out contents->Tags[at]);
        _count++;
    }

    /// <summary>Makes the parents of a chain of nodes, chained in their turn.</summary>
    private uint BuildLevel(uint child, ref nuint nodes)
    {
        nuint left = nodes;
        nuint parents = NodesFor(nodes, BuiltInnerFill, InnerNode.LeastFill);
        nodes = parents;
        InnerNode* first = AllocateInner();
        InnerNode* node = first;
        while (true)
        {
            nuint share = left / parents;
            for (nuint i = 0; i < share; i++)
            {
                if (_height == 0)
                {
                    LeafNode* leaf = LeafAt(child);
                    AddChild(node, node->Count, LeafNode.StartOf(leaf, 0), child, leaf->Figures);
                    StoreCustom(node, 1, node->Count - 1);
                    child = leaf->NextFree;
                }
                else
                {
                    InnerNode* inner = InnerAt(child);
                    AddChild(node, node->Count, inner->Keys[0], child, inner->Figures);
                    StoreCustom(node, 2, node->Count - 1);
                    child = inner->NextFree;
                }
            }

            ComputeFigures(node);
            left -= share;
            parents--;
            if (left == 0)
            {
                return first->Number;
            }

            InnerNode* next = AllocateInner();
            node->NextFree = next->Number;
            node = next;
        }
    }

    private void RequireOrder(ReadOnlySpan<EntryRecord> entries)
    {
        ulong end = FirstPage;
        foreach (ref readonly EntryRecord entry in entries)
        {
            if (entry.Start < end || entry.End <= entry.Start || entry.End > EndPage)
            {
                throw new ArgumentException("Entries have to be in order, inside the index, and not overlap.", nameof(entries));
            }

            end = entry.End;
        }
    }
}
