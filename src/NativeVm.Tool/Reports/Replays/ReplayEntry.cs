using NativeVm.Tool.Replay;

namespace NativeVm.Tool.Reports.Replays;

/// <summary>One trace and what it came to, for JSON.</summary>
/// <param name="Trace">The trace.</param>
/// <param name="Results">The figures of each allocator.</param>
/// <param name="Failures">Why other allocators could not be run.</param>
internal sealed record ReplayEntry(
    TraceSummary Trace, IReadOnlyList<ReplayResult> Results, IReadOnlyList<string> Failures)
{
    /// <summary>The entry of a trace.</summary>
    /// <param name="outcome">What it came to.</param>
    public static ReplayEntry Of(ReplayOutcome outcome) => new(
        TraceSummary.Of(outcome.Subject),
        [.. outcome.Runs.Select(run => ReplayResult.Of(run, outcome.Subject.IsHeap))],
        [.. outcome.Failures.Select(failure => failure.Message)]);
}
