namespace NativeVm;

/// <summary>The figures of a frame arena at one moment. All sizes are in bytes.</summary>
public readonly record struct FrameArenaStatistics
{
    /// <summary>Address space that all frames span.</summary>
    public nuint ReservedByteCount { get; init; }

    /// <summary>Pages of all frames with memory behind them, resident or not.</summary>
    public nuint CommittedByteCount { get; init; }

    /// <summary>What all frames that are still valid have handed out.</summary>
    public nuint AllocatedByteCount { get; init; }

    /// <summary>What the current frame has handed out.</summary>
    public nuint CurrentFrameByteCount { get; init; }

    /// <summary>The most that one frame ever handed out.</summary>
    public nuint PeakFrameByteCount { get; init; }

    /// <summary>The number of the current frame; the first is 0.</summary>
    public ulong FrameNumber { get; init; }
}
