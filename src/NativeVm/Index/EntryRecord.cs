namespace NativeVm.Index;

/// <summary>
/// An entry as the index keeps it: the half-open range of page numbers [<see cref="Start"/>, <see cref="End"/>)
/// and its attributes, the rare ones apart. Page numbers are absolute, an address divided by the page size, so
/// every sum of two of them fits 64 bits.
/// </summary>
internal struct EntryRecord
{
    public ulong Start;
    public ulong End;

    /// <summary>A number of the user's own.</summary>
    public ulong Tag;

    /// <summary>Protection, maximum, inheritance, kind, commitment; see <see cref="EntryFlags"/>.</summary>
    public uint Flags;

    /// <summary>Attributes that most entries have at zero; an index may keep them elsewhere.</summary>
    public EntryDetail Detail;

    public readonly ulong PageCount => End - Start;

    public readonly bool HasDetail => !Detail.IsZero;

    /// <summary>Whether all attributes are equal and the object offsets continue, so that the two may be one.</summary>
    public readonly bool Continues(in EntryRecord predecessor) =>
        predecessor.End == Start
        && predecessor.Flags == Flags
        && predecessor.Tag == Tag
        && Detail.Continues(predecessor.Detail, predecessor.PageCount);
}
