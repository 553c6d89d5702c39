namespace NativeVm;

/// <summary>The figures of a pool of frames at one moment. Sizes are in bytes unless said otherwise.</summary>
public readonly record struct FramePoolStatistics
{
    /// <summary>Address space that the frames span.</summary>
    public nuint ReservedByteCount { get; init; }

    /// <summary>Pages with memory behind them, resident or not.</summary>
    public nuint CommittedByteCount { get; init; }

    /// <summary>What allocated frames take.</summary>
    public nuint AllocatedByteCount { get; init; }

    /// <summary>Native memory that the records of the frames take.</summary>
    public nuint MetadataByteCount { get; init; }

    /// <summary>Frames that are allocated, pinned or not.</summary>
    public nuint AllocatedCount { get; init; }

    /// <summary>Frames that are pinned at least once.</summary>
    public nuint PinnedCount { get; init; }

    /// <summary>Free frames that keep their pages.</summary>
    public nuint RetainedCount { get; init; }

    /// <summary>Free frames whose pages have been given back to the system.</summary>
    public nuint GivenBackCount { get; init; }

    /// <summary>Bytes of frames that have been given back to the system so far.</summary>
    public nuint PurgedByteCount { get; init; }
}
