namespace NativeVm.Tool.Profiling.Hosts;

/// <summary>What a lane measured in one slice of time.</summary>
/// <param name="Samples">Nanoseconds for each operation, a number for each batch.</param>
/// <param name="SystemCallCount">System calls in the slice; null where nobody counts them.</param>
/// <param name="PageFaultCount">Page faults in the slice; null where the system does not tell.</param>
/// <param name="ResidentPeak">How much the process's resident set grew at most since the lane was made, in bytes; null where it is not the lane's alone.</param>
internal readonly record struct LaneSlice(
    double[] Samples, long? SystemCallCount, ulong? PageFaultCount, ulong? ResidentPeak);
