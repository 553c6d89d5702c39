namespace NativeVm.Tool.Profiling;

/// <summary>What the command line asks of the workloads.</summary>
internal sealed record ProfileSettings
{
    /// <summary>Lengths to allocate, in bytes, for workloads that allocate pages.</summary>
    public required IReadOnlyList<ulong> Sizes { get; init; }

    /// <summary>Numbers of entries, for workloads over maps.</summary>
    public required IReadOnlyList<int> Live { get; init; }

    /// <summary>Allocators to run, the one to measure by first; empty for all.</summary>
    public required IReadOnlyList<string> Allocators { get; init; }

    /// <summary>Time for all cases together.</summary>
    public required TimeSpan Duration { get; init; }
}
