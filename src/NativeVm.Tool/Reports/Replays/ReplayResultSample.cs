namespace NativeVm.Tool.Reports.Replays;

/// <summary>The process at one moment of a replay, for JSON.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="LiveBytes">Bytes that the trace had in use.</param>
/// <param name="ResidentBytes">The resident set.</param>
/// <param name="Mappings">Mappings of the process.</param>
/// <param name="Fragmentation">From 0 to 1: of the free space between mappings, or of what a heap takes.</param>
internal readonly record struct ReplayResultSample(
    int Step, ulong LiveBytes, ulong ResidentBytes, ulong Mappings, double Fragmentation);
