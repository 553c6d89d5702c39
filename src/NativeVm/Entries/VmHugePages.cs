namespace NativeVm;

/// <summary>What pages are to be behind an entry.</summary>
public enum VmHugePages : byte
{
    /// <summary>The system's ordinary pages.</summary>
    None,

    /// <summary>
    /// Huge pages wherever the system can make one of free memory (<c>madvise(MADV_HUGEPAGE)</c>), ordinary ones
    /// elsewhere. A preference: it is never the reason of a failure.
    /// </summary>
    Transparent,

    /// <summary>Huge pages that the system has set aside (<c>MAP_HUGETLB</c>), and nothing else.</summary>
    Explicit,
}
