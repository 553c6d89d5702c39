using NativeVm.Index;
using NativeVm.Platform;

namespace NativeVm.Changes;

/// <summary>Makes guards of entries; those without memory fault already, and the system is not asked.</summary>
/// <param name="first">The first page of the range.</param>
internal readonly struct GuardChange(ulong first) : IPageChange
{
    public SystemOperation Operation => SystemOperation.InstallGuard;

    public bool NeedsWholeRange => true;

    public bool AddsDetails => false;

    public VmResult Check(in EntryRecord entry) => EntryFlags.Kind(entry.Flags) switch
    {
        VmEntryKind.Guard => VmResult.Success,
        > VmEntryKind.Guard => VmResult.InvalidArgument,
        _ when (entry.Detail.WiredCount | entry.Detail.ObjectId | (entry.Flags & EntryFlags.ExplicitHuge)) != 0 => VmResult.InvalidArgument,
        _ when entry.Detail.GrowthReserve != 0 && entry.Start >= first => VmResult.InvalidArgument,
        _ => VmResult.Success,
    };

    public bool Affects(in EntryRecord entry) => EntryFlags.Kind(entry.Flags) != VmEntryKind.Guard;

    public void Apply(ref EntryRecord entry)
    {
        uint stack = EntryFlags.Kind(entry.Flags) == VmEntryKind.Stack ? EntryFlags.GuardedStack : 0;
        entry.Flags = EntryFlags.WithKind(entry.Flags, VmEntryKind.Guard) | stack;
    }

    public bool ReachesPages(in EntryRecord entry) => Affects(entry) && EntryFlags.IsCommitted(entry.Flags);

    public uint RunKey(in EntryRecord entry) => 0;

    public SystemReply Act(VmPlatform platform, nuint address, nuint byteCount, uint runKey) =>
        platform.InstallGuard(address, byteCount);

    public SystemReply Undo(VmPlatform platform, nuint address, nuint byteCount, in EntryRecord before) =>
        platform.RemoveGuard(address, byteCount, EntryFlags.Protection(before.Flags));
}
