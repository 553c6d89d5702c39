using NativeVm.Index;
using NativeVm.Platform;

namespace NativeVm.Changes;

/// <summary>Says on which memory node pages should lie; entries without memory are told when they are committed.</summary>
internal readonly struct NodeChange(int node) : IPageChange
{
    public SystemOperation Operation => SystemOperation.SetPreferredNode;

    public bool NeedsWholeRange => false;

    public bool AddsDetails => true;

    public VmResult Check(in EntryRecord entry) =>
        EntryFlags.Kind(entry.Flags) == VmEntryKind.Submap ? VmResult.InvalidArgument : VmResult.Success;

    public bool Affects(in EntryRecord entry) =>
        EntryFlags.Kind(entry.Flags) <= VmEntryKind.Guard && entry.Detail.NodePlusOne != (uint)(node + 1);

    public void Apply(ref EntryRecord entry) => entry.Detail.NodePlusOne = (uint)(node + 1);

    public bool ReachesPages(in EntryRecord entry) => Affects(entry) && EntryFlags.IsCommitted(entry.Flags);

    public uint RunKey(in EntryRecord entry) => 0;

    public SystemReply Act(VmPlatform platform, nuint address, nuint byteCount, uint runKey) =>
        platform.SetPreferredNode(address, byteCount, node);

    public SystemReply Undo(VmPlatform platform, nuint address, nuint byteCount, in EntryRecord before) =>
        platform.SetPreferredNode(address, byteCount, (int)before.Detail.NodePlusOne - 1);
}
