namespace NativeVm;

/// <summary>The figures of a double-ended arena at one moment. All sizes are in bytes.</summary>
public readonly record struct DoubleEndedArenaStatistics
{
    /// <summary>Address space that the arena spans.</summary>
    public nuint ReservedByteCount { get; init; }

    /// <summary>Pages with memory behind them, resident or not.</summary>
    public nuint CommittedByteCount { get; init; }

    /// <summary>What the lower end has handed out.</summary>
    public nuint LowByteCount { get; init; }

    /// <summary>What the upper end has handed out.</summary>
    public nuint HighByteCount { get; init; }

    /// <summary>Scopes that are open, at either end.</summary>
    public nuint OpenScopeCount { get; init; }
}
