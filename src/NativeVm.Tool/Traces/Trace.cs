namespace NativeVm.Tool.Traces;

/// <summary>The memory calls of a trace, in the order in which they took effect.</summary>
/// <param name="Name">The name to show people.</param>
/// <param name="Calls">The calls.</param>
/// <param name="Tally">The lines that were read, and those left out.</param>
/// <param name="IsCutOff">Whether the trace ended in the middle of a line.</param>
internal sealed record Trace(string Name, IReadOnlyList<TraceCall> Calls, LineTally Tally, bool IsCutOff);
