using NativeVm.Index;
using NativeVm.Platform;

namespace NativeVm.Changes;

/// <summary>Puts zeroed memory behind entries that have none.</summary>
internal readonly struct CommitChange(PageProtection protection, RangeTraits traits) : IPageChange
{
    public bool NeedsWholeRange => true;

    public bool AddsDetails => false;

    public VmResult Check(in EntryRecord entry) => EntryFlags.Kind(entry.Flags) switch
    {
        not (VmEntryKind.Normal or VmEntryKind.Stack) => VmResult.InvalidArgument,
        _ when (protection & ~EntryFlags.MaxProtection(entry.Flags)) != 0 => VmResult.ProtectionFailure,
        _ => VmResult.Success,
    };

    public bool Affects(in EntryRecord entry) => !EntryFlags.IsCommitted(entry.Flags);

    public void Apply(ref EntryRecord entry) =>
        entry.Flags = EntryFlags.WithProtection(entry.Flags, protection) | EntryFlags.Committed;

    public bool ReachesPages(in EntryRecord entry) => Affects(entry);

    public uint RunKey(in EntryRecord entry) => (uint)EntryFlags.Inheritance(entry.Flags);

    public SystemReply Act(VmPlatform platform, nuint address, nuint byteCount, uint runKey)
    {
        SystemReply reply = platform.Commit(address, byteCount, protection);
        return reply.IsRefused || (PageInheritance)runKey == PageInheritance.Copy
            ? reply
            : platform.SetInheritance(address, byteCount, (PageInheritance)runKey);
    }

    public SystemReply Undo(VmPlatform platform, nuint address, nuint byteCount, in EntryRecord before) =>
        platform.Decommit(address, byteCount, traits);
}
