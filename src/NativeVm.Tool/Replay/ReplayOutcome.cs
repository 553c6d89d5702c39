using NativeVm.Tool.Commands;

namespace NativeVm.Tool.Replay;

/// <summary>What the replay of one trace came to.</summary>
/// <param name="Subject">What was replayed.</param>
/// <param name="Runs">A run for each allocator that could be run.</param>
/// <param name="Failures">Why the others could not.</param>
internal sealed record ReplayOutcome(
    ReplaySubject Subject, IReadOnlyList<ReplayRun> Runs, IReadOnlyList<ToolException> Failures);
