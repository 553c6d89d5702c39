namespace NativeVm.Testing;

/// <summary>What a <see cref="FaultSweep"/> did. That there is one means that every run was survived.</summary>
/// <param name="UndisturbedCallCount">Calls that the operation makes when nothing fails.</param>
/// <param name="RunCount">Runs with at least one injected fault.</param>
/// <param name="InjectedCount">Calls that were refused, over all runs.</param>
/// <param name="FailedRunCount">
/// Of the runs, those in which the operation failed; in the others it found another way.
/// </param>
public readonly record struct FaultSweepReport(
    long UndisturbedCallCount, long RunCount, long InjectedCount, long FailedRunCount)
{
    /// <summary>Of <see cref="UndisturbedCallCount"/>, the calls for the memory of records.</summary>
    public long UndisturbedMetadataCallCount { get; init; }

    /// <summary>The sum of two sweeps.</summary>
    /// <param name="other">The other.</param>
    public FaultSweepReport Add(FaultSweepReport other) => new(
        UndisturbedCallCount + other.UndisturbedCallCount,
        RunCount + other.RunCount,
        InjectedCount + other.InjectedCount,
        FailedRunCount + other.FailedRunCount)
    {
        UndisturbedMetadataCallCount = UndisturbedMetadataCallCount + other.UndisturbedMetadataCallCount,
    };
}
