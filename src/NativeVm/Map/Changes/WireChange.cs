using NativeVm.Index;
using NativeVm.Platform;

namespace NativeVm.Changes;

/// <summary>Counts a wiring of committed entries, and locks the pages of those that had none.</summary>
internal readonly struct WireChange : IPageChange
{
    public SystemOperation Operation => SystemOperation.Lock;

    public bool NeedsWholeRange => true;

    public bool AddsDetails => true;

    public VmResult Check(in EntryRecord entry) =>
        EntryFlags.IsCommitted(entry.Flags) && EntryFlags.Kind(entry.Flags) <= VmEntryKind.Stack
            && entry.Detail.WiredCount != uint.MaxValue
            ? VmResult.Success
            : VmResult.InvalidArgument;

    public bool Affects(in EntryRecord entry) => true;

    public void Apply(ref EntryRecord entry) => entry.Detail.WiredCount++;

    public bool ReachesPages(in EntryRecord entry) => entry.Detail.WiredCount == 0;

    public uint RunKey(in EntryRecord entry) => 0;

    public SystemReply Act(VmPlatform platform, nuint address, nuint byteCount, uint runKey) =>
        platform.Lock(address, byteCount);

    public SystemReply Undo(VmPlatform platform, nuint address, nuint byteCount, in EntryRecord before) =>
        platform.Unlock(address, byteCount);
}
