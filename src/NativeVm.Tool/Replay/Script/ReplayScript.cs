namespace NativeVm.Tool.Replay.Script;

/// <summary>
/// A trace made ready to be replayed: all that can be decided beforehand is decided here, so that a replay does
/// nothing but the calls themselves, the same ones for every target.
/// </summary>
internal sealed class ReplayScript
{
    /// <summary>The steps of the trace, in order.</summary>
    public required ReplayStep[] Steps { get; init; }

    /// <summary>What removes all that the trace leaves mapped at its end.</summary>
    public required ReplayStep[] Removal { get; init; }

    /// <summary>How many blocks there are; their numbers are below it.</summary>
    public required int BlockCount { get; init; }

    /// <summary>Address spaces in the trace.</summary>
    public required int AddressSpaceCount { get; init; }

    /// <summary>How many steps have been done when the most bytes are accessible.</summary>
    public required int FullestStep { get; init; }

    /// <summary>The most bytes mapped at once.</summary>
    public required ulong PeakMappedByteCount { get; init; }

    /// <summary>The most bytes touched and mapped at once.</summary>
    public required ulong PeakTouchedByteCount { get; init; }

    /// <summary>Bytes touched in all.</summary>
    public required ulong TouchedByteCount { get; init; }

    /// <summary>Requests for memory both writable and executable, which are replayed as readable and writable.</summary>
    public required long WriteExecuteCount { get; init; }

    /// <summary>Resized mappings, which are replayed as a new mapping and the removal of the old.</summary>
    public required long RemapCount { get; init; }

    /// <summary>How many steps of a kind there are, the removal at the end included.</summary>
    /// <param name="kind">The kind.</param>
    public int Count(ReplayStepKind kind) =>
        Steps.Count(step => step.Kind == kind) + Removal.Count(step => step.Kind == kind);
}
