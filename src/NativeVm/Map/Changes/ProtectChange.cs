using NativeVm.Index;
using NativeVm.Platform;

namespace NativeVm.Changes;

/// <summary>Gives committed entries a protection that their maximum allows.</summary>
internal readonly struct ProtectChange(PageProtection protection) : IPageChange
{
    public bool NeedsWholeRange => false;

    public bool AddsDetails => false;

    public VmResult Check(in EntryRecord entry) => EntryFlags.Kind(entry.Flags) switch
    {
        VmEntryKind.Submap => VmResult.InvalidArgument,
        VmEntryKind.Foreign or VmEntryKind.Guard => VmResult.Success,
        _ when (protection & ~EntryFlags.MaxProtection(entry.Flags)) != 0 => VmResult.ProtectionFailure,
        _ when protection != PageProtection.None && !EntryFlags.IsCommitted(entry.Flags) => VmResult.InvalidArgument,
        _ => VmResult.Success,
    };

    public bool Affects(in EntryRecord entry) =>
        EntryFlags.IsCommitted(entry.Flags) && EntryFlags.Protection(entry.Flags) != protection;

    public void Apply(ref EntryRecord entry) => entry.Flags = EntryFlags.WithProtection(entry.Flags, protection);

    public bool ReachesPages(in EntryRecord entry) => Affects(entry);

    public uint RunKey(in EntryRecord entry) => 0;

    public SystemReply Act(VmPlatform platform, nuint address, nuint byteCount, uint runKey) =>
        platform.Protect(address, byteCount, protection);

    public SystemReply Undo(VmPlatform platform, nuint address, nuint byteCount, in EntryRecord before) =>
        platform.Protect(address, byteCount, EntryFlags.Protection(before.Flags));
}
