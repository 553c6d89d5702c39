using NativeVm.Index;
using NativeVm.Platform;

namespace NativeVm.Changes;

/// <summary>
/// What a decommit does to entries. Its pages are given back apart from the pass over the range, because one call
/// may then span entries and holes alike.
/// </summary>
internal readonly struct ReservedChange : IRangeChange
{
    public bool NeedsWholeRange => false;

    public bool AddsDetails => false;

    public VmResult Check(in EntryRecord entry) => EntryFlags.Kind(entry.Flags) switch
    {
        VmEntryKind.Foreign => VmResult.Success,
        VmEntryKind.Submap => VmResult.InvalidArgument,
        _ => (entry.Detail.WiredCount | entry.Detail.ObjectId) == 0 ? VmResult.Success : VmResult.InvalidArgument,
    };

    public bool Affects(in EntryRecord entry) => EntryFlags.IsCommitted(entry.Flags);

    public void Apply(ref EntryRecord entry) => entry.Flags = EntryFlags.WithTraits(
        EntryFlags.WithProtection(entry.Flags, PageProtection.None) & ~(EntryFlags.Committed | EntryFlags.ExplicitHuge),
        RangeTraits.None);
}
