using System.Text.Json;
using NativeVm.Tool.Replay;
using NativeVm.Tool.Replay.Script;
using NativeVm.Tool.Traces;
using NativeVm.Tool.Traces.Malloc;

namespace NativeVm.Tool.Reports.Replays;

/// <summary>What a trace held and what was replayed of it, for JSON.</summary>
internal sealed record TraceSummary
{
    /// <summary>The name of the file.</summary>
    public required string Name { get; init; }

    /// <summary>What it is a trace of: <c>memory</c> or <c>heap</c> calls.</summary>
    public required string Kind { get; init; }

    /// <summary>Lines in it.</summary>
    public required long Lines { get; init; }

    /// <summary>Lines left out, by reason.</summary>
    public required IReadOnlyDictionary<string, long> LeftOut { get; init; }

    /// <summary>Address spaces in it; null for heap calls, as all that follows and is null.</summary>
    public required int? AddressSpaces { get; init; }

    /// <summary>Whether it ended in the middle of a line.</summary>
    public required bool IsCutOff { get; init; }

    /// <summary>Steps replayed, by kind, the removal at the end included.</summary>
    public required IReadOnlyDictionary<string, long> Steps { get; init; }

    /// <summary>Bytes of pages to touch.</summary>
    public required ulong? TouchedBytes { get; init; }

    /// <summary>The most bytes touched and mapped, or live, at once.</summary>
    public required ulong PeakTouchedBytes { get; init; }

    /// <summary>The most bytes mapped at once.</summary>
    public required ulong? PeakMappedBytes { get; init; }

    /// <summary>Requests for memory writable and executable at once.</summary>
    public required long? WriteExecute { get; init; }

    /// <summary>Resized mappings.</summary>
    public required long? Remaps { get; init; }

    /// <summary>The summary of a trace.</summary>
    /// <param name="subject">What is replayed of it.</param>
    public static TraceSummary Of(ReplaySubject subject)
    {
        AnyTrace trace = subject.Trace;
        ReplayScript? script = subject.Script;
        return new TraceSummary
        {
            Name = trace.Name,
            Kind = subject.IsHeap ? "heap" : "memory",
            Lines = trace.Tally.LineCount,
            LeftOut = trace.Tally.Skipped().ToDictionary(pair => LineTally.Key(pair.Reason), pair => pair.Count),
            AddressSpaces = script?.AddressSpaceCount,
            IsCutOff = trace.IsCutOff,
            Steps = trace.Heap is { } heap
                ? Enum.GetValues<MallocStepKind>().ToDictionary(kind => Key(kind.ToString()), kind => (long)heap.Count(kind))
                : Enum.GetValues<ReplayStepKind>().ToDictionary(kind => Key(kind.ToString()), kind => (long)script!.Count(kind)),
            TouchedBytes = script?.TouchedByteCount,
            PeakTouchedBytes = subject.PeakTouchedByteCount,
            PeakMappedBytes = script?.PeakMappedByteCount,
            WriteExecute = script?.WriteExecuteCount,
            Remaps = script?.RemapCount,
        };
    }

    private static string Key(string name) => JsonNamingPolicy.CamelCase.ConvertName(name);
}
