using NativeVm.Index;

namespace NativeVm.Changes;

/// <summary>
/// A change to the attributes of the entries of a range: protect, commit, wire. A struct, so that the pass over the
/// range is compiled once for each.
/// </summary>
internal interface IRangeChange
{
    /// <summary>Whether a range with holes is refused with <see cref="VmResult.InvalidAddress"/>.</summary>
    bool NeedsWholeRange { get; }

    /// <summary>Whether it may give an entry a rare attribute that it did not have, which takes a record.</summary>
    bool AddsDetails { get; }

    /// <summary>Whether an entry lets it happen; anything but success, and nothing changes anywhere.</summary>
    VmResult Check(in EntryRecord entry);

    /// <summary>Whether the entry is not yet as it should be.</summary>
    bool Affects(in EntryRecord entry);

    /// <summary>Makes an affected entry as it should be; its range stays.</summary>
    void Apply(ref EntryRecord entry);
}
