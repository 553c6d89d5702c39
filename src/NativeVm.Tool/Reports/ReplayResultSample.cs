namespace NativeVm.Tool.Reports;

/// <summary>The process at one moment of a replay, for JSON.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="ResidentBytes">The resident set.</param>
/// <param name="Mappings">Mappings of the process.</param>
internal readonly record struct ReplayResultSample(int Step, ulong ResidentBytes, ulong Mappings);
