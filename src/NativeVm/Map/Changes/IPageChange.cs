using NativeVm.Index;
using NativeVm.Platform;

namespace NativeVm.Changes;

/// <summary>A change to entries that the system makes to their pages run by run, and can undo.</summary>
internal interface IPageChange : IRangeChange
{
    /// <summary>What it is called when it is refused before the system is asked.</summary>
    SystemOperation Operation { get; }

    /// <summary>Whether the system has something to do for an entry; it has nothing to do for one that is not affected.</summary>
    bool ReachesPages(in EntryRecord entry);

    /// <summary>Entries side by side are one run for the system as long as this number is the same.</summary>
    uint RunKey(in EntryRecord entry);

    /// <summary>Makes pages of a run of such entries as they should be.</summary>
    SystemReply Act(VmPlatform platform, nuint address, nuint byteCount, uint runKey);

    /// <summary>Makes pages of such an entry what they were.</summary>
    SystemReply Undo(VmPlatform platform, nuint address, nuint byteCount, in EntryRecord before);
}
