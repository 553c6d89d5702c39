using NativeVm.Tool.Replay.Script;
using NativeVm.Tool.Traces;

namespace NativeVm.Tool.Reports;

/// <summary>What a trace held and what was replayed of it, for JSON.</summary>
internal sealed record TraceSummary
{
    /// <summary>The name of the file.</summary>
    public required string Name { get; init; }

    /// <summary>Lines in it.</summary>
    public required long Lines { get; init; }

    /// <summary>Lines left out, by reason.</summary>
    public required IReadOnlyDictionary<string, long> LeftOut { get; init; }

    /// <summary>Address spaces in it.</summary>
    public required int AddressSpaces { get; init; }

    /// <summary>Whether it ended in the middle of a line.</summary>
    public required bool IsCutOff { get; init; }

    /// <summary>Steps replayed, by kind, the removal at the end included.</summary>
    public required IReadOnlyDictionary<string, long> Steps { get; init; }

    /// <summary>Bytes of pages to touch.</summary>
    public required ulong TouchedBytes { get; init; }

    /// <summary>The most bytes touched and mapped at once.</summary>
    public required ulong PeakTouchedBytes { get; init; }

    /// <summary>The most bytes mapped at once.</summary>
    public required ulong PeakMappedBytes { get; init; }

    /// <summary>Requests for memory writable and executable at once.</summary>
    public required long WriteExecute { get; init; }

    /// <summary>Resized mappings.</summary>
    public required long Remaps { get; init; }

    /// <summary>The summary of a trace.</summary>
    /// <param name="trace">The trace.</param>
    /// <param name="script">What was replayed of it.</param>
    public static TraceSummary Of(Trace trace, ReplayScript script) => new()
    {
        Name = trace.Name,
        Lines = trace.Tally.LineCount,
        LeftOut = trace.Tally.Skipped().ToDictionary(pair => LineTally.Key(pair.Reason), pair => pair.Count),
        AddressSpaces = script.AddressSpaceCount,
        IsCutOff = trace.IsCutOff,
        Steps = Enum.GetValues<ReplayStepKind>().ToDictionary(
            kind => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(kind.ToString()),
            kind => (long)script.Count(kind)),
        TouchedBytes = script.TouchedByteCount,
        PeakTouchedBytes = script.PeakTouchedByteCount,
        PeakMappedBytes = script.PeakMappedByteCount,
        WriteExecute = script.WriteExecuteCount,
        Remaps = script.RemapCount,
    };
}
