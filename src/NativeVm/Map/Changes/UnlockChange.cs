using NativeVm.Index;
using NativeVm.Platform;

namespace NativeVm.Changes;

/// <summary>Unlocks what is wired before it is removed; pages that are locked are not everywhere given back.</summary>
internal readonly struct UnlockChange : IPageChange
{
    public SystemOperation Operation => SystemOperation.Unlock;

    public bool NeedsWholeRange => false;

    public bool AddsDetails => false;

    public VmResult Check(in EntryRecord entry) => VmResult.Success;

    public bool Affects(in EntryRecord entry) => entry.Detail.WiredCount != 0;

    public void Apply(ref EntryRecord entry) => entry.Detail.WiredCount = 0;

    public bool ReachesPages(in EntryRecord entry) => Affects(entry);

    public uint RunKey(in EntryRecord entry) => 0;

    public SystemReply Act(VmPlatform platform, nuint address, nuint byteCount, uint runKey) =>
        platform.Unlock(address, byteCount);

    public SystemReply Undo(VmPlatform platform, nuint address, nuint byteCount, in EntryRecord before) =>
        platform.Lock(address, byteCount);
}
