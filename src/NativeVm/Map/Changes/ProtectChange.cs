using NativeVm.Index;
using NativeVm.Platform;

namespace NativeVm.Changes;

/// <summary>
/// Gives committed entries a protection that their maximum allows. Below a guard that is a protection itself it is only
/// noted; below a guard region the system is told, so that the guard stays part of its neighbours' mapping.
/// </summary>
internal readonly struct ProtectChange(PageProtection protection, bool hasGuardRegions) : IPageChange
{
    public SystemOperation Operation => SystemOperation.Protect;

    public bool NeedsWholeRange => false;

    public bool AddsDetails => false;

    public VmResult Check(in EntryRecord entry) => EntryFlags.Kind(entry.Flags) switch
    {
        VmEntryKind.Submap => VmResult.InvalidArgument,
        VmEntryKind.Foreign => VmResult.Success,
        VmEntryKind.Guard when !EntryFlags.IsCommitted(entry.Flags) => VmResult.Success,
        _ when (protection & ~EntryFlags.MaxProtection(entry.Flags)) != 0 => VmResult.ProtectionFailure,
        _ when protection != PageProtection.None && !EntryFlags.IsCommitted(entry.Flags) => VmResult.InvalidArgument,
        _ => VmResult.Success,
    };

    public bool Affects(in EntryRecord entry) =>
        EntryFlags.IsCommitted(entry.Flags) && EntryFlags.Protection(entry.Flags) != protection;

    public void Apply(ref EntryRecord entry) => entry.Flags = EntryFlags.WithProtection(entry.Flags, protection);

    public bool ReachesPages(in EntryRecord entry) =>
        Affects(entry) && (hasGuardRegions || EntryFlags.Kind(entry.Flags) != VmEntryKind.Guard);

    public uint RunKey(in EntryRecord entry) => 0;

    public SystemReply Act(VmPlatform platform, nuint address, nuint byteCount, uint runKey) =>
        platform.Protect(address, byteCount, protection);

    public SystemReply Undo(VmPlatform platform, nuint address, nuint byteCount, in EntryRecord before) =>
        platform.Protect(address, byteCount, EntryFlags.Protection(before.Flags));
}
