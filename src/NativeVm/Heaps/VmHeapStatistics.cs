namespace NativeVm;

/// <summary>
/// The figures of a <see cref="VmHeap"/> at one moment. All sizes are in bytes. While other threads use the heap, the
/// figures of blocks are not of one instant.
/// </summary>
public readonly record struct VmHeapStatistics
{
    /// <summary>Address space that the heap has taken from its map, what it keeps for reuse included.</summary>
    public nuint ReservedByteCount { get; init; }

    /// <summary>Pages with memory behind them, resident or not.</summary>
    public nuint CommittedByteCount { get; init; }

    /// <summary>Usable bytes of all blocks in use.</summary>
    public nuint AllocatedByteCount { get; init; }

    /// <summary>Blocks in use.</summary>
    public nuint BlockCount { get; init; }

    /// <summary>Bytes of slabs, used and free blocks together.</summary>
    public nuint SlabByteCount { get; init; }

    /// <summary>Bytes of the runs of large blocks.</summary>
    public nuint LargeByteCount { get; init; }

    /// <summary>Bytes of free runs whose pages have not been given back to the system.</summary>
    public nuint RetainedByteCount { get; init; }

    /// <summary>Bytes of freed blocks that a hardened heap holds back from reuse.</summary>
    public nuint QuarantinedByteCount { get; init; }

    /// <summary>Native memory that the heap's own records take.</summary>
    public nuint MetadataByteCount { get; init; }

    /// <summary>Threads whose share of the heap exists: those that use it, and those that have ended and left one.</summary>
    public nuint ThreadCount { get; init; }
}
