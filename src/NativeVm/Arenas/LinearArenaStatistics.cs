namespace NativeVm;

/// <summary>The figures of an arena at one moment. All sizes are in bytes.</summary>
public readonly record struct LinearArenaStatistics
{
    /// <summary>Address space that the arena spans.</summary>
    public nuint ReservedByteCount { get; init; }

    /// <summary>Pages with memory behind them, resident or not.</summary>
    public nuint CommittedByteCount { get; init; }

    /// <summary>What is handed out, with what alignment, red zones and guards have taken.</summary>
    public nuint AllocatedByteCount { get; init; }

    /// <summary>The most that was ever handed out at once.</summary>
    public nuint PeakByteCount { get; init; }

    /// <summary>Scopes that are open.</summary>
    public nuint OpenScopeCount { get; init; }
}
