namespace NativeVm;

/// <summary>The figures of an array at one moment. Sizes are in bytes unless said otherwise.</summary>
public readonly record struct VirtualArrayStatistics
{
    /// <summary>Address space that the array spans.</summary>
    public nuint ReservedByteCount { get; init; }

    /// <summary>Pages with memory behind them, resident or not.</summary>
    public nuint CommittedByteCount { get; init; }

    /// <summary>What the elements take.</summary>
    public nuint AllocatedByteCount { get; init; }

    /// <summary>Elements.</summary>
    public nuint Length { get; init; }

    /// <summary>Elements that the array may ever have.</summary>
    public nuint Capacity { get; init; }
}
