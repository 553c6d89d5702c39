namespace NativeVm.Tool.Profiling;

/// <summary>What a case came to.</summary>
/// <param name="Case">The case.</param>
/// <param name="Results">A result for each lane that ran, in the order of the lanes; none when it was cancelled.</param>
/// <param name="Failures">The lanes that did not run to the end, and why, one line each.</param>
internal sealed record ProfileOutcome(
    ProfileCase Case, IReadOnlyList<ProfileResult> Results, IReadOnlyList<string> Failures);
