using NativeVm.Index;
using NativeVm.Platform;

namespace NativeVm.Changes;

/// <summary>Puts zeroed memory behind entries that have none, as they want it; guards stay what they are.</summary>
internal readonly struct CommitChange(PageProtection protection, RangeTraits traits) : IPageChange
{
    public SystemOperation Operation => SystemOperation.Commit;

    public bool NeedsWholeRange => true;

    public bool AddsDetails => false;

    public VmResult Check(in EntryRecord entry) => EntryFlags.Kind(entry.Flags) switch
    {
        VmEntryKind.Guard => VmResult.Success,
        not (VmEntryKind.Normal or VmEntryKind.Stack) => VmResult.InvalidArgument,
        _ when (protection & ~EntryFlags.MaxProtection(entry.Flags)) != 0 => VmResult.ProtectionFailure,
        _ => VmResult.Success,
    };

    public bool Affects(in EntryRecord entry) =>
        !EntryFlags.IsCommitted(entry.Flags) && EntryFlags.Kind(entry.Flags) <= VmEntryKind.Stack;

    public void Apply(ref EntryRecord entry) =>
        entry.Flags = PageWishes.Fulfilled(EntryFlags.WithProtection(entry.Flags, protection) | EntryFlags.Committed);

    public bool ReachesPages(in EntryRecord entry) => Affects(entry);

    public uint RunKey(in EntryRecord entry) => PageWishes.Of(entry);

    public SystemReply Act(VmPlatform platform, nuint address, nuint byteCount, uint runKey)
    {
        SystemReply reply = platform.Commit(address, byteCount, protection);
        return reply.IsRefused ? reply : PageWishes.Express(platform, address, byteCount, runKey);
    }

    public SystemReply Undo(VmPlatform platform, nuint address, nuint byteCount, in EntryRecord before) =>
        platform.Decommit(address, byteCount, traits);
}
