namespace NativeVm;

/// <summary>A picture of a <see cref="DualMapping"/>.</summary>
/// <param name="ReservedByteCount">Address space in bytes: both views.</param>
/// <param name="CommittedByteCount">Memory in bytes: one view's length.</param>
/// <param name="AllocatedByteCount">Bytes of code that <see cref="DualMapping.TryEmit"/> has placed, alignment included.</param>
public readonly record struct DualMappingStatistics(
    nuint ReservedByteCount, nuint CommittedByteCount, nuint AllocatedByteCount);
