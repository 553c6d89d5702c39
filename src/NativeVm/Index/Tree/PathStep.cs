namespace NativeVm.Index.Tree;

/// <summary>One level of the way from the root to a leaf.</summary>
internal unsafe struct PathStep
{
    /// <summary>The inner node; at level 0 the leaf.</summary>
    public void* Node;

    /// <summary>The child that the way takes; at level 0 the entry.</summary>
    public int Slot;

    /// <summary>Children after it that a search may still have to look at, a bit each.</summary>
    public ulong Rest;

    public readonly InnerNode* Inner => (InnerNode*)Node;

    public readonly LeafNode* Leaf => (LeafNode*)Node;
}
