using System.Text.Json;
using NativeVm.Tool.Replay;
using NativeVm.Tool.Replay.Script;
using NativeVm.Tool.Traces;

namespace NativeVm.Tool.Reports;

/// <summary>What <c>nativevm replay --json</c> writes.</summary>
internal sealed record ReplayDocument
{
    /// <summary>The machine.</summary>
    public required MachineInfo Machine { get; init; }

    /// <summary>The trace.</summary>
    public required TraceSummary Trace { get; init; }

    /// <summary>The figures of each target.</summary>
    public required IReadOnlyList<ReplayResult> Results { get; init; }

    /// <summary>Writes the document.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="trace">The trace.</param>
    /// <param name="script">What was replayed of it.</param>
    /// <param name="runs">A run for each target.</param>
    /// <param name="machine">The machine.</param>
    public static void Write(
        Stream stream, Trace trace, ReplayScript script, IReadOnlyList<ReplayRun> runs, MachineInfo machine)
    {
        ReplayDocument document = new()
        {
            Machine = machine,
            Trace = TraceSummary.Of(trace, script),
            Results = [.. runs.Select(ReplayResult.Of)],
        };
        JsonSerializer.Serialize(stream, document, ToolJsonContext.Default.ReplayDocument);
    }
}
