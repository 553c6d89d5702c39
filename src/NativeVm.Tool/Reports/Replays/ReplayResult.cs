using NativeVm.Tool.Replay;

namespace NativeVm.Tool.Reports.Replays;

/// <summary>The figures of one target, for JSON.</summary>
internal sealed record ReplayResult
{
    /// <summary>The target's name.</summary>
    public required string Target { get; init; }

    /// <summary>Calls made to the target.</summary>
    public required long Calls { get; init; }

    /// <summary>Calls refused.</summary>
    public required long Refused { get; init; }

    /// <summary>The first refusal.</summary>
    public required string? FirstRefusal { get; init; }

    /// <summary>Time in calls.</summary>
    public required double CallNanoseconds { get; init; }

    /// <summary>Time in touching pages.</summary>
    public required double TouchNanoseconds { get; init; }

    /// <summary>System calls made; null for heaps, where nobody counts them, as the bytes of a layout are.</summary>
    public required long? SystemCalls { get; init; }

    /// <summary>At the fullest: from the lowest mapped address to the end of the highest.</summary>
    public required ulong? SpanBytes { get; init; }

    /// <summary>At the fullest: bytes mapped.</summary>
    public required ulong? MappedBytes { get; init; }

    /// <summary>At the fullest: bytes with memory behind them.</summary>
    public required ulong? AccessibleBytes { get; init; }

    /// <summary>At the fullest: the largest gap in the span.</summary>
    public required ulong? LargestGapBytes { get; init; }

    /// <summary>At the fullest: 1 - largest gap / free bytes in the span; for heaps, 1 - live / resident growth.</summary>
    public required double Fragmentation { get; init; }

    /// <summary>At the fullest: more mappings than at the start.</summary>
    public required long Mappings { get; init; }

    /// <summary>How much the resident set grew at most.</summary>
    public required ulong ResidentPeakBytes { get; init; }

    /// <summary>The resident set at the start.</summary>
    public required ulong ResidentStartBytes { get; init; }

    /// <summary>The resident set when all was removed.</summary>
    public required ulong ResidentEndBytes { get; init; }

    /// <summary>Mappings of the process at the start.</summary>
    public required ulong MappingsStart { get; init; }

    /// <summary>Mappings of the process when all was removed.</summary>
    public required ulong MappingsEnd { get; init; }

    /// <summary>The process in the course of the replay.</summary>
    public required IReadOnlyList<ReplayResultSample> Samples { get; init; }

    /// <summary>The figures of a run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="isHeap">Whether it is of heap calls.</param>
    public static ReplayResult Of(ReplayRun run, bool isHeap)
    {
        LayoutFigures? layout = isHeap ? null : LayoutFigures.Of(run.FullestLayout);
        return new ReplayResult
        {
            Target = run.TargetName,
            Calls = run.CallCount,
            Refused = run.RefusedCount,
            FirstRefusal = run.FirstRefusal,
            CallNanoseconds = run.CallTime.TotalNanoseconds,
            TouchNanoseconds = run.TouchTime.TotalNanoseconds,
            SystemCalls = isHeap ? null : run.SystemCallCount,
            SpanBytes = layout?.SpanByteCount,
            MappedBytes = layout?.MappedByteCount,
            AccessibleBytes = layout?.AccessibleByteCount,
            LargestGapBytes = layout?.LargestGapByteCount,
            Fragmentation = run.FragmentationAtFullest,
            Mappings = run.MappingGrowth,
            ResidentPeakBytes = run.PeakResidentGrowth,
            ResidentStartBytes = run.Start.ResidentByteCount,
            ResidentEndBytes = run.End.ResidentByteCount,
            MappingsStart = run.Start.MappingCount,
            MappingsEnd = run.End.MappingCount,
            Samples = [.. run.Samples.Select(sample => new ReplayResultSample(
                sample.StepCount,
                sample.LiveByteCount,
                sample.Memory.ResidentByteCount,
                sample.Memory.MappingCount,
                Math.Round(sample.Fragmentation, 4)))],
        };
    }
}
