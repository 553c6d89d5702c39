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

    /// <summary>The unit of the times: nanoseconds for each operation.</summary>
    public string Unit { get; init; } = "ns";

    /// <summary>The median of the batches.</summary>
    public required double Median { get; init; }

    /// <summary>The fastest batch.</summary>
    public required double Min { get; init; }

    /// <summary>The 99th percentile of the batches.</summary>
    public required double P99 { get; init; }

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
        Median = Math.Round(result.Times.Median, 3),
        Min = Math.Round(result.Times.Min, 3),
        P99 = Math.Round(result.Times.P99, 3),
        Operations = result.OperationCount,
        BytesPerEntry = result.BytesPerEntry,
        Distribution = result.Distribution,
        Batches = result.Times.Count,
    };
}
