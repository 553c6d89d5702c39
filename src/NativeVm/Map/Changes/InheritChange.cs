using NativeVm.Index;
using NativeVm.Platform;

namespace NativeVm.Changes;

/// <summary>Says what a child process sees of entries; those without memory are told when they are committed.</summary>
internal readonly struct InheritChange(PageInheritance inheritance) : IPageChange
{
    public SystemOperation Operation => SystemOperation.SetInheritance;

    public bool NeedsWholeRange => false;

    public bool AddsDetails => false;

    public VmResult Check(in EntryRecord entry) =>
        EntryFlags.Kind(entry.Flags) == VmEntryKind.Submap ? VmResult.InvalidArgument : VmResult.Success;

    public bool Affects(in EntryRecord entry) =>
        EntryFlags.Kind(entry.Flags) <= VmEntryKind.Guard && EntryFlags.Inheritance(entry.Flags) != inheritance;

    public void Apply(ref EntryRecord entry) => entry.Flags = EntryFlags.WithInheritance(entry.Flags, inheritance);

    public bool ReachesPages(in EntryRecord entry) => Affects(entry) && EntryFlags.IsCommitted(entry.Flags);

    public uint RunKey(in EntryRecord entry) => (uint)EntryFlags.Sharing(entry.Flags);

    public SystemReply Act(VmPlatform platform, nuint address, nuint byteCount, uint runKey) =>
        platform.SetInheritance(address, byteCount, inheritance, (MappingSharing)runKey);

    public SystemReply Undo(VmPlatform platform, nuint address, nuint byteCount, in EntryRecord before) =>
        platform.SetInheritance(address, byteCount, EntryFlags.Inheritance(before.Flags), EntryFlags.Sharing(before.Flags));
}
