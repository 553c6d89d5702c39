using System.Diagnostics;
using NativeVm.Tool.Profiling;

namespace NativeVm.Tool.Limits;

/// <summary>Something that can be timed again and again.</summary>
/// <param name="name">The call, and on what.</param>
/// <param name="call">The call.</param>
/// <param name="before">Puts everything in the state that the call is to find; not timed.</param>
/// <param name="after">Undoes the call; not timed.</param>
/// <param name="parts">What the time is divided by: 16 where the call is for 16 pages and the time of one is told.</param>
internal sealed class CallProbe(string name, Action call, Action? before = null, Action? after = null, int parts = 1)
{
    private const int WarmUps = 20;
    private const int LeastSamples = 30;
    private static readonly double NanosecondsPerTick = 1e9 / Stopwatch.Frequency;

    /// <summary>The call, and on what.</summary>
    public string Name { get; } = name;

    /// <summary>The median time of the call, in nanoseconds.</summary>
    /// <param name="duration">How long to measure.</param>
    /// <param name="cancellation">Ends it sooner.</param>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    public double Measure(TimeSpan duration, CancellationToken cancellation)
    {
        for (int i = 0; i < WarmUps; i++)
        {
            Sample();
        }

        List<double> samples = [];
        Stopwatch watch = Stopwatch.StartNew();
        while (samples.Count < LeastSamples || watch.Elapsed < duration)
        {
            cancellation.ThrowIfCancellationRequested();
            samples.Add(Sample());
        }

        samples.Sort();
        return SampleSummary.MedianOfSorted(samples.ToArray());
    }

    private double Sample()
    {
        before?.Invoke();
        long start = Stopwatch.GetTimestamp();
        call();
        long end = Stopwatch.GetTimestamp();
        after?.Invoke();
        return (end - start) * NanosecondsPerTick / parts;
    }
}
