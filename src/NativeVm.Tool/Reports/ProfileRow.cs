using NativeVm.Tool.Profiling;

namespace NativeVm.Tool.Reports;

/// <summary>One allocator in one case, for JSON.</summary>
internal sealed record ProfileRow
{
    /// <summary>The workload.</summary>
    public required string Workload { get; init; }

    /// <summary>The allocator.</summary>
    public required string Allocator { get; init; }

    /// <summary>The parameters of the case.</summary>
    public required IReadOnlyDictionary<string, long> Parameters { get; init; }

    /// <summary>The parameters of the case, for people.</summary>
    public string? Title { get; init; }

    /// <summary>The unit of the times: nanoseconds for each operation.</summary>
    public string Unit { get; init; } = "ns";

    /// <summary>The median of the batches.</summary>
    public required double Median { get; init; }

    /// <summary>The fastest batch.</summary>
    public required double Min { get; init; }

    /// <summary>The 99th percentile of the batches.</summary>
    public required double P99 { get; init; }

    /// <summary>Half the distance from the lower quartile to the upper one, as a share of the median.</summary>
    public double? Spread { get; init; }

    /// <summary>The median is not below this, with 95 % confidence.</summary>
    public double? MedianLow { get; init; }

    /// <summary>The median is not above this, with 95 % confidence.</summary>
    public double? MedianHigh { get; init; }

    /// <summary>System calls for each operation, or null where nobody counts them.</summary>
    public double? SystemCalls { get; init; }

    /// <summary>Page faults for each operation, or null where the system does not tell.</summary>
    public double? PageFaults { get; init; }

    /// <summary>How much the resident set grew at most, in bytes, or null where it is not the allocator's alone.</summary>
    public ulong? ResidentPeak { get; init; }

    /// <summary>Operations in all.</summary>
    public required long Operations { get; init; }

    /// <summary>Bytes of bookkeeping for each entry, or null.</summary>
    public required double? BytesPerEntry { get; init; }

    /// <summary>The whole distribution, where operations were timed singly, or null.</summary>
    public required IReadOnlyDictionary<string, double>? Distribution { get; init; }

    /// <summary>Batches.</summary>
    public required int Batches { get; init; }

    /// <summary>A row.</summary>
    /// <param name="profileCase">The case.</param>
    /// <param name="result">The result.</param>
    public static ProfileRow Of(ProfileCase profileCase, ProfileResult result) => new()
    {
        Workload = profileCase.Workload,
        Allocator = result.Allocator,
        Parameters = profileCase.Parameters,
        Title = profileCase.Title,
        Median = Math.Round(result.Times.Median, 3),
        Min = Math.Round(result.Times.Min, 3),
        P99 = Math.Round(result.Times.P99, 3),
        Spread = Math.Round(result.Times.Spread, 4),
        MedianLow = Math.Round(result.Bounds.Low, 3),
        MedianHigh = Math.Round(result.Bounds.High, 3),
        SystemCalls = result.SystemCalls is { } calls ? Math.Round(calls, 4) : null,
        PageFaults = result.PageFaults is { } faults ? Math.Round(faults, 4) : null,
        ResidentPeak = result.ResidentPeak,
        Operations = result.OperationCount,
        BytesPerEntry = result.BytesPerEntry,
        Distribution = result.Distribution,
        Batches = result.Times.Count,
    };
}
