using NativeVm.Platform;

namespace NativeVm.Tool.Replay;

/// <summary>One moment of a replay.</summary>
/// <param name="StepCount">Steps done.</param>
/// <param name="Memory">What the system says of the process.</param>
internal readonly record struct ReplaySample(int StepCount, ProcessMemory Memory)
{
    /// <summary>Bytes that the trace had in use: accessible, or allocated.</summary>
    public nuint LiveByteCount { get; init; }

    /// <summary>Bytes that the trace had mapped, or allocated.</summary>
    public nuint MappedByteCount { get; init; }

    /// <summary>
    /// For mappings, how much of the free space between them lies outside the largest gap; for blocks, how much of the
    /// memory that the heap takes is not of live blocks. From 0 to 1.
    /// </summary>
    public double Fragmentation { get; init; }
}
