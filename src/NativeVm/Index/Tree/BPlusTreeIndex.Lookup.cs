using NativeVm.Index.Kernels;

namespace NativeVm.Index.Tree;

internal sealed unsafe partial class BPlusTreeIndex
{
    public bool TryGetAtOrBelow(ulong page, out EntryRecord entry)
    {
        if (page < FirstPage || _root == null)
        {
            entry = default;
            return false;
        }

        page = Math.Min(page, EndPage - 1);
        return TryReadAtOrBelow(Find(page), page, out entry);
    }

    public bool TryGoToAtOrBelow(ulong page, out EntryRecord entry)
    {
        if (page < FirstPage || _root == null)
        {
            entry = default;
            return false;
        }

        page = Math.Min(page, EndPage - 1);
        return TryReadAtOrBelow(WayTo(page), page, out entry);
    }

    public bool TryGetAtOrAbove(ulong page, out EntryRecord entry)
    {
        if (page >= EndPage || _root == null)
        {
            entry = default;
            return false;
        }

        page = Math.Max(page, FirstPage);
        LeafNode* leaf = Find(page);
        int position = PositionOf(leaf, page);
        ulong start = LeafNode.StartOf(leaf, position);
        if (start < page || LeafNode.EndOf(leaf, position) == start)
        {
            position++;
        }

        if (position == leaf->Count)
        {
            if (leaf->NextStart == EndPage)
            {
                entry = default;
                return false;
            }

            leaf = Find(leaf->NextStart);
            position = 0;
        }

        Read(leaf, position, out entry);
        return true;
    }

    private bool TryReadAtOrBelow(LeafNode* leaf, ulong page, out EntryRecord entry)
    {
        Read(leaf, PositionOf(leaf, page), out entry);
        return entry.End != entry.Start;
    }

    /// <summary>The leaf whose range has a page; leaves no trace, so that lookups may run side by side.</summary>
    private LeafNode* Find(ulong page)
    {
        void* node = _root;
        for (int level = _height; level > 0; level--)
        {
            InnerNode* inner = (InnerNode*)node;
            uint child = inner->Children[NodeKernels.CountAtOrBelow(inner->Keys, page) - 1];
            node = level == 1 ? LeafAt(child) : InnerAt(child);
        }

        // What is read once the position is known: asked for together with what tells it, in trees beyond the caches.
        if (_height > 2)
        {
            Prefetch.EightLines((byte*)((LeafNode*)node)->Ends);
        }

        return (LeafNode*)node;
    }
}
