namespace NativeVm;

/// <summary>The figures of a pool at one moment. Sizes are in bytes unless said otherwise.</summary>
public readonly record struct BlockPoolStatistics
{
    /// <summary>Address space that the blocks span.</summary>
    public nuint ReservedByteCount { get; init; }

    /// <summary>Pages with memory behind them, resident or not.</summary>
    public nuint CommittedByteCount { get; init; }

    /// <summary>What live blocks take.</summary>
    public nuint AllocatedByteCount { get; init; }

    /// <summary>Native memory that the records of the blocks take.</summary>
    public nuint MetadataByteCount { get; init; }

    /// <summary>Blocks that are live.</summary>
    public nuint LiveCount { get; init; }

    /// <summary>Blocks that have ever been live: how far the pool reaches.</summary>
    public nuint ReachedCount { get; init; }

    /// <summary>Blocks that have had all their lives and are not used again.</summary>
    public nuint RetiredCount { get; init; }
}
