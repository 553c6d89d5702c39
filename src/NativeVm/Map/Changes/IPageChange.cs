using NativeVm.Index;
using NativeVm.Platform;

namespace NativeVm.Changes;

/// <summary>A change to entries that the system makes to their pages run by run, and can undo.</summary>
internal interface IPageChange : IRangeChange
{
    /// <summary>Makes pages of affected entries as they should be.</summary>
    SystemReply Act(VmPlatform platform, nuint address, nuint byteCount);

    /// <summary>Makes pages of an affected entry what they were.</summary>
    SystemReply Undo(VmPlatform platform, nuint address, nuint byteCount, in EntryRecord before);
}
