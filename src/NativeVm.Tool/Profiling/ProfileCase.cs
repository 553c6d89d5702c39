namespace NativeVm.Tool.Profiling;

/// <summary>A workload with its parameters, and who contends in it.</summary>
/// <param name="Workload">The name of the workload.</param>
/// <param name="Title">The parameters, for people.</param>
/// <param name="Parameters">The parameters, for machines.</param>
/// <param name="Lanes">The contenders; the first one is what the others are measured by.</param>
internal sealed record ProfileCase(
    string Workload, string Title, IReadOnlyDictionary<string, long> Parameters, IReadOnlyList<LaneSource> Lanes)
{
    /// <summary>
    /// Whether each lane runs in a process of its own where that is possible, so that resident sets do not mix and a
    /// library that crashes takes nobody with it.
    /// </summary>
    public bool IsSeparate { get; init; }

    /// <summary>Bytes that each lane keeps resident at once, roughly; 0 where that is not worth a thought.</summary>
    public ulong BytesPerLane { get; init; }
}
