namespace NativeVm.Tool.Replay.Lanes;

/// <summary>What the command line asks of a replay.</summary>
/// <param name="Traces">The traces: files, or <c>-</c>.</param>
/// <param name="Allocators">The allocators by name; none for those that take part unasked.</param>
/// <param name="RoundCount">How many rounds; null for as many as is usual.</param>
/// <param name="IsTouching">Whether pages are touched.</param>
internal sealed record ReplayRequest(
    IReadOnlyList<string> Traces, IReadOnlyList<string> Allocators, int? RoundCount, bool IsTouching);
