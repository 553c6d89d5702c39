using NativeVm.Index;
using NativeVm.Platform;

namespace NativeVm.Changes;

/// <summary>Makes of guards what they were before.</summary>
internal readonly struct UnguardChange : IPageChange
{
    private const uint Marks = EntryFlags.GuardOfAbove | EntryFlags.GuardOfBelow | EntryFlags.GuardedStack;

    public SystemOperation Operation => SystemOperation.RemoveGuard;

    public bool NeedsWholeRange => false;

    public bool AddsDetails => false;

    public VmResult Check(in EntryRecord entry) =>
        EntryFlags.Kind(entry.Flags) == VmEntryKind.Submap ? VmResult.InvalidArgument : VmResult.Success;

    public bool Affects(in EntryRecord entry) => EntryFlags.Kind(entry.Flags) == VmEntryKind.Guard;

    public void Apply(ref EntryRecord entry)
    {
        VmEntryKind kind = (entry.Flags & EntryFlags.GuardedStack) != 0 ? VmEntryKind.Stack : VmEntryKind.Normal;
        entry.Flags = EntryFlags.WithKind(entry.Flags, kind) & ~Marks;
    }

    public bool ReachesPages(in EntryRecord entry) => Affects(entry) && EntryFlags.IsCommitted(entry.Flags);

    public uint RunKey(in EntryRecord entry) => (uint)EntryFlags.Protection(entry.Flags);

    public SystemReply Act(VmPlatform platform, nuint address, nuint byteCount, uint runKey) =>
        platform.RemoveGuard(address, byteCount, (PageProtection)runKey);

    public SystemReply Undo(VmPlatform platform, nuint address, nuint byteCount, in EntryRecord before) =>
        platform.InstallGuard(address, byteCount);
}
