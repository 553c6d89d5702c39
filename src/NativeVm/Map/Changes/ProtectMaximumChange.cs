using NativeVm.Index;
using NativeVm.Platform;

namespace NativeVm.Changes;

/// <summary>Lowers what the protection of entries may ever become, and with it what it is.</summary>
internal readonly struct ProtectMaximumChange(PageProtection maximum, bool hasGuardRegions) : IPageChange
{
    public SystemOperation Operation => SystemOperation.Protect;

    public bool NeedsWholeRange => false;

    public bool AddsDetails => false;

    public VmResult Check(in EntryRecord entry) => EntryFlags.Kind(entry.Flags) switch
    {
        VmEntryKind.Submap => VmResult.InvalidArgument,
        VmEntryKind.Foreign => VmResult.Success,
        VmEntryKind.Guard when !EntryFlags.IsCommitted(entry.Flags) => VmResult.Success,
        _ when (maximum & ~EntryFlags.MaxProtection(entry.Flags)) != 0 => VmResult.ProtectionFailure,
        _ => VmResult.Success,
    };

    public bool Affects(in EntryRecord entry) =>
        EntryFlags.MaxProtection(entry.Flags) != maximum && (EntryFlags.Kind(entry.Flags) <= VmEntryKind.Stack
            || (EntryFlags.Kind(entry.Flags) == VmEntryKind.Guard && EntryFlags.IsCommitted(entry.Flags)));

    public void Apply(ref EntryRecord entry) => entry.Flags = EntryFlags.WithProtection(
        EntryFlags.WithMaxProtection(entry.Flags, maximum), EntryFlags.Protection(entry.Flags) & maximum);

    public bool ReachesPages(in EntryRecord entry) =>
        Affects(entry) && (EntryFlags.Protection(entry.Flags) & ~maximum) != 0
            && (hasGuardRegions || EntryFlags.Kind(entry.Flags) != VmEntryKind.Guard);

    public uint RunKey(in EntryRecord entry) => (uint)(EntryFlags.Protection(entry.Flags) & maximum);

    public SystemReply Act(VmPlatform platform, nuint address, nuint byteCount, uint runKey) =>
        platform.Protect(address, byteCount, (PageProtection)runKey);

    public SystemReply Undo(VmPlatform platform, nuint address, nuint byteCount, in EntryRecord before) =>
        platform.Protect(address, byteCount, EntryFlags.Protection(before.Flags));
}
