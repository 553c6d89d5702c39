namespace NativeVm.Tool.Profiling;

/// <summary>What one lane came to, in nanoseconds for each operation.</summary>
/// <param name="Allocator">The name of the allocator.</param>
/// <param name="Times">One time for each batch.</param>
/// <param name="OperationCount">Operations in all, without the warm-up.</param>
/// <param name="BatchSize">Operations in a batch.</param>
/// <param name="BytesPerEntry">Bytes of bookkeeping for each entry, or null.</param>
/// <param name="Distribution">The whole distribution, where operations were timed singly, or null.</param>
internal sealed record ProfileResult(
    string Allocator,
    SampleSummary Times,
    long OperationCount,
    long BatchSize,
    double? BytesPerEntry,
    IReadOnlyDictionary<string, double>? Distribution)
{
    /// <summary>Between which times the median lies.</summary>
    public MedianBounds Bounds { get; init; }

    /// <summary>System calls for each operation; null where nobody counts them.</summary>
    public double? SystemCalls { get; init; }

    /// <summary>Page faults for each operation; null where the system does not tell.</summary>
    public double? PageFaults { get; init; }

    /// <summary>
    /// How much the resident set of the lane's process grew at most, in bytes; null where it has no process of its
    /// own.
    /// </summary>
    public ulong? ResidentPeak { get; init; }
}
