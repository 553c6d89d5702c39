using System.Runtime.InteropServices;
using NativeVm.Tool.Profiling.Hosts;

namespace NativeVm.Tool.Profiling;

/// <summary>What a lane has measured until now.</summary>
/// <param name="allocator">The name of the allocator.</param>
/// <param name="host">Where the lane runs.</param>
internal sealed class LaneRun(string allocator, ILaneHost host)
{
    private readonly List<double> _sliceMedians = [];
    private long? _systemCallCount = 0;
    private ulong? _pageFaultCount = 0;
    private ulong? _residentPeak;

    /// <summary>The name of the allocator.</summary>
    public string Allocator { get; } = allocator;

    /// <summary>Where the lane runs.</summary>
    public ILaneHost Host { get; } = host;

    /// <summary>A time for each batch, in nanoseconds for an operation.</summary>
    public List<double> Samples { get; } = new(4096);

    /// <summary>Adds a slice.</summary>
    /// <param name="slice">The slice.</param>
    public void Add(in LaneSlice slice)
    {
        Samples.AddRange(slice.Samples);
        _systemCallCount += slice.SystemCallCount;
        _pageFaultCount += slice.PageFaultCount;
        _residentPeak = slice.ResidentPeak;
        slice.Samples.AsSpan().Sort();
        _sliceMedians.Add(SampleSummary.MedianOfSorted(slice.Samples));
    }

    /// <summary>Between which times the median lies.</summary>
    public MedianBounds Bounds() => MedianBounds.Of([.. _sliceMedians]);

    /// <summary>The figures.</summary>
    public ProfileResult ToResult()
    {
        SampleSummary times = SampleSummary.Of(CollectionsMarshal.AsSpan(Samples));
        long operationCount = Samples.Count * Host.BatchSize;
        return new ProfileResult(
            Allocator,
            times,
            operationCount,
            Host.BatchSize,
            Host.BytesPerEntry,
            Host.IsTimedSingly ? Distribution.Of(CollectionsMarshal.AsSpan(Samples)) : null)
        {
            Bounds = Bounds(),
            SystemCalls = (double?)_systemCallCount / operationCount,
            PageFaults = (double?)_pageFaultCount / operationCount,
            ResidentPeak = _residentPeak,
        };
    }
}
