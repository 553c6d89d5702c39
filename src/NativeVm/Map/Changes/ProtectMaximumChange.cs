using NativeVm.Index;
using NativeVm.Platform;

namespace NativeVm.Changes;

/// <summary>Lowers what the protection of entries may ever become, and with it what it is.</summary>
internal readonly struct ProtectMaximumChange(PageProtection maximum) : IPageChange
{
    public bool NeedsWholeRange => false;

    public bool AddsDetails => false;

    public VmResult Check(in EntryRecord entry) => EntryFlags.Kind(entry.Flags) switch
    {
        VmEntryKind.Submap => VmResult.InvalidArgument,
        VmEntryKind.Foreign or VmEntryKind.Guard => VmResult.Success,
        _ when (maximum & ~EntryFlags.MaxProtection(entry.Flags)) != 0 => VmResult.ProtectionFailure,
        _ => VmResult.Success,
    };

    public bool Affects(in EntryRecord entry) =>
        EntryFlags.Kind(entry.Flags) <= VmEntryKind.Stack && EntryFlags.MaxProtection(entry.Flags) != maximum;

    public void Apply(ref EntryRecord entry) => entry.Flags = EntryFlags.WithProtection(
        EntryFlags.WithMaxProtection(entry.Flags, maximum), EntryFlags.Protection(entry.Flags) & maximum);

    public bool ReachesPages(in EntryRecord entry) =>
        Affects(entry) && (EntryFlags.Protection(entry.Flags) & ~maximum) != 0;

    public uint RunKey(in EntryRecord entry) => (uint)(EntryFlags.Protection(entry.Flags) & maximum);

    public SystemReply Act(VmPlatform platform, nuint address, nuint byteCount, uint runKey) =>
        platform.Protect(address, byteCount, (PageProtection)runKey);

    public SystemReply Undo(VmPlatform platform, nuint address, nuint byteCount, in EntryRecord before) =>
        platform.Protect(address, byteCount, EntryFlags.Protection(before.Flags));
}
