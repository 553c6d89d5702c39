namespace NativeVm.Index;

/// <summary>The attributes of an entry that most entries have at zero.</summary>
internal struct EntryDetail
{
    public uint WiredCount;
    public uint ObjectId;

    /// <summary>Where in the object the entry starts, in pages.</summary>
    public ulong ObjectPage;

    /// <summary>Pages kept directly below a stack's lowest piece.</summary>
    public ulong GrowthReserve;

    public readonly bool IsZero => (WiredCount | ObjectId | ObjectPage | GrowthReserve) == 0;

    public readonly bool Continues(in EntryDetail predecessor, ulong predecessorPageCount) =>
        predecessor.WiredCount == WiredCount
        && predecessor.ObjectId == ObjectId
        && (ObjectId == 0 || predecessor.ObjectPage + predecessorPageCount == ObjectPage)
        && GrowthReserve == 0;
}
