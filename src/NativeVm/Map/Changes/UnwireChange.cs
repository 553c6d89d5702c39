using NativeVm.Index;
using NativeVm.Platform;

namespace NativeVm.Changes;

/// <summary>Takes a wiring back, and unlocks the pages of entries that had no other.</summary>
internal readonly struct UnwireChange : IPageChange
{
    public SystemOperation Operation => SystemOperation.Unlock;

    public bool NeedsWholeRange => true;

    public bool AddsDetails => false;

    public VmResult Check(in EntryRecord entry) =>
        entry.Detail.WiredCount != 0 ? VmResult.Success : VmResult.InvalidArgument;

    public bool Affects(in EntryRecord entry) => true;

    public void Apply(ref EntryRecord entry) => entry.Detail.WiredCount--;

    public bool ReachesPages(in EntryRecord entry) => entry.Detail.WiredCount == 1;

    public uint RunKey(in EntryRecord entry) => 0;

    public SystemReply Act(VmPlatform platform, nuint address, nuint byteCount, uint runKey) =>
        platform.Unlock(address, byteCount);

    public SystemReply Undo(VmPlatform platform, nuint address, nuint byteCount, in EntryRecord before) =>
        platform.Lock(address, byteCount);
}
