namespace NativeVm.Index;

/// <summary>The attributes of an entry that most entries have at zero.</summary>
internal struct EntryDetail
{
    public uint WiredCount;
    public uint ObjectId;

    /// <summary>The memory node that the pages should lie on, plus one; 0 for any.</summary>
    public uint NodePlusOne;

    /// <summary>Where in the object the entry starts, in pages.</summary>
    public ulong ObjectPage;

    /// <summary>Pages kept directly below a stack's lowest piece.</summary>
    public ulong GrowthReserve;

    public readonly bool IsZero => (WiredCount | ObjectId | NodePlusOne | ObjectPage | GrowthReserve) == 0;

    public readonly bool Continues(in EntryDetail predecessor, ulong predecessorPageCount) =>
        predecessor.WiredCount == WiredCount
        && predecessor.ObjectId == ObjectId
        && predecessor.NodePlusOne == NodePlusOne
        && (ObjectId == 0 || predecessor.ObjectPage + predecessorPageCount == ObjectPage)
        && GrowthReserve == 0;
}
