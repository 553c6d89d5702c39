namespace NativeVm.Tool.Profiling.Memory;

/// <summary>What a random replacement is run with.</summary>
/// <param name="Live">Blocks that are live at once.</param>
/// <param name="Smallest">The shortest, in bytes.</param>
/// <param name="Largest">The longest, in bytes.</param>
/// <param name="Touch">What is written to each.</param>
internal readonly record struct ReplaceParameters(int Live, nuint Smallest, nuint Largest, ReplaceTouch Touch);
