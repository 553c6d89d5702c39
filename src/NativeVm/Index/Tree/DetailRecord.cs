namespace NativeVm.Index.Tree;

/// <summary>The rare attributes of one entry, and its tag, whose place in the leaf holds the number of this record.</summary>
internal struct DetailRecord
{
    public EntryDetail Detail;

    /// <summary>The entry's tag; in a free record, the next free one.</summary>
    public ulong Tag;
}
