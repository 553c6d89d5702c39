using System.Diagnostics;
using NativeVm.Platform;

namespace NativeVm.Tool.Profiling.Hosts;

/// <summary>A lane in this process.</summary>
internal sealed class LocalLaneHost : ILaneHost
{
    private const double NanosecondsPerBatch = 100_000;
    private const long LargestBatch = 1 << 20;
    private static readonly double NanosecondsPerTick = 1e9 / Stopwatch.Frequency;

    private readonly Lane _lane;
    private readonly List<double> _samples = new(256);
    private readonly ResidentMeter? _resident;

    /// <summary>Makes a lane.</summary>
    /// <param name="source">Makes it.</param>
    /// <param name="isAlone">Whether the process is the lane's alone, so that its resident set is the lane's.</param>
    public LocalLaneHost(LaneSource source, bool isAlone = false)
    {
        source.Prepare?.Invoke();
        if (isAlone)
        {
            source.Rehearse?.Invoke();
        }

        _resident = isAlone ? ResidentMeter.Start() : null;
        _lane = source.Create();
        BatchSize = Math.Max(1, _lane.OperationsPerBatch);
    }

    /// <inheritdoc/>
    public double? BytesPerEntry => _lane.BytesPerEntry;

    /// <inheritdoc/>
    public bool IsTimedSingly => _lane.IsTimedSingly;

    /// <inheritdoc/>
    public long BatchSize { get; private set; }

    /// <inheritdoc/>
    public void WaitUntilReady()
    {
        // The lane was made by the constructor.
    }

    /// <inheritdoc/>
    public void WarmUp()
    {
        double nanoseconds = RunBatch();
        if (_lane.OperationsPerBatch == 0)
        {
            BatchSize = _lane.IsTimedSingly
                ? 1
                : Math.Clamp((long)(NanosecondsPerBatch / Math.Max(nanoseconds, 0.1)), 1, LargestBatch);
        }
    }

    /// <inheritdoc/>
    public LaneSlice Run(TimeSpan length)
    {
        _samples.Clear();
        ulong? faults = PageFaults();
        long? calls = _lane.SystemCallCount;
        long end = Stopwatch.GetTimestamp() + (long)(length.TotalSeconds * Stopwatch.Frequency);
        do
        {
            _samples.Add(RunBatch());
        }
        while (Stopwatch.GetTimestamp() < end);

        return new LaneSlice([.. _samples], _lane.SystemCallCount - calls, PageFaults() - faults, _resident?.Growth);
    }

    /// <inheritdoc/>
    public void Dispose() => _lane.Dispose();

    private static ulong? PageFaults() =>
        VmPlatform.Current.QueryProcess(out ProcessMemory memory).IsSuccess ? memory.PageFaultCount : null;

    private double RunBatch() => _lane.Run(BatchSize) * NanosecondsPerTick / BatchSize;
}
