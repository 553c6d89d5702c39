using System.Diagnostics;

namespace NativeVm.Tool.Profiling;

/// <summary>Runs the lanes of a case by turns, so that whatever disturbs the machine disturbs all of them.</summary>
/// <remarks>
/// <para>
/// A round gives each lane a slice of time, and every round begins with another lane. A slice is a number of
/// batches, and each batch is one measurement: its time divided by its operations. Batches are as short as the clock
/// allows, and are single operations where those take long; so the percentiles are those of single operations for
/// slow ones, and of short batches for fast ones.
/// </para>
/// <para>
/// Before that every lane is warmed up by turns, long enough for the runtime to have compiled it with full
/// optimisation.
/// </para>
/// </remarks>
internal sealed class ProfileRunner
{
    private const int WarmUpTurns = 40;
    private const double NanosecondsPerBatch = 100_000;
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(10);
    private static readonly double NanosecondsPerTick = 1e9 / Stopwatch.Frequency;

    private readonly Lane[] _lanes;
    private readonly List<double>[] _samples;
    private readonly long[] _batchSizes;

    private ProfileRunner(Lane[] lanes)
    {
        _lanes = lanes;
        _samples = [.. lanes.Select(_ => new List<double>(4096))];
        _batchSizes = [.. lanes.Select(_ => 1L)];
    }

    /// <summary>Runs a case.</summary>
    /// <param name="profileCase">The case.</param>
    /// <param name="duration">How long to run, the warm-up included.</param>
    /// <param name="progress">Told between slices how much of the time is over, from 0 to 1.</param>
    /// <param name="cancellation">Ends the run after the slice that is under way.</param>
    /// <returns>A result for each lane; none when it was cancelled before every lane had a measurement.</returns>
    public static IReadOnlyList<ProfileResult> Run(
        ProfileCase profileCase, TimeSpan duration, Action<double>? progress, CancellationToken cancellation)
    {
        List<Lane> lanes = [];
        try
        {
            foreach (LaneSource source in profileCase.Lanes)
            {
                lanes.Add(source.Create());
            }

            ProfileRunner runner = new([.. lanes]);
            runner.RunRounds(duration, progress, cancellation);
            return Array.Exists(runner._samples, samples => samples.Count == 0) ? [] : runner.Results(profileCase);
        }
        finally
        {
            lanes.ForEach(lane => lane.Dispose());
        }
    }

    private void RunRounds(TimeSpan duration, Action<double>? progress, CancellationToken cancellation)
    {
        Stopwatch watch = Stopwatch.StartNew();
        WarmUp(watch, duration / 3, () => progress?.Invoke(watch.Elapsed / duration), cancellation);
        for (int round = 0; !cancellation.IsCancellationRequested; round++)
        {
            for (int i = 0; i < _lanes.Length && !cancellation.IsCancellationRequested; i++)
            {
                RunSlice((round + i) % _lanes.Length);
                progress?.Invoke(Math.Min(1, watch.Elapsed / duration));
            }

            if (watch.Elapsed >= duration)
            {
                break;
            }
        }
    }

    private void WarmUp(Stopwatch watch, TimeSpan duration, Action progress, CancellationToken cancellation)
    {
        for (int turn = 0; turn < WarmUpTurns || watch.Elapsed < duration; turn++)
        {
            for (int i = 0; i < _lanes.Length; i++)
            {
                if (cancellation.IsCancellationRequested)
                {
                    return;
                }

                double nanoseconds = _lanes[i].Run(_batchSizes[i]) * NanosecondsPerTick / _batchSizes[i];
                _batchSizes[i] = _lanes[i].IsTimedSingly ? 1 : Math.Clamp((long)(NanosecondsPerBatch / Math.Max(nanoseconds, 1)), 1, 1 << 20);
            }

            progress();
        }
    }

    private void RunSlice(int index)
    {
        Lane lane = _lanes[index];
        long batchSize = _batchSizes[index];
        long end = Stopwatch.GetTimestamp() + (long)(Slice.TotalSeconds * Stopwatch.Frequency);
        do
        {
            _samples[index].Add(lane.Run(batchSize) * NanosecondsPerTick / batchSize);
        }
        while (Stopwatch.GetTimestamp() < end);
    }

    private List<ProfileResult> Results(ProfileCase profileCase)
    {
        List<ProfileResult> results = [];
        for (int i = 0; i < _lanes.Length; i++)
        {
            double[] samples = [.. _samples[i]];
            results.Add(new ProfileResult(
                profileCase.Lanes[i].Allocator,
                SampleSummary.Of(samples),
                samples.Length * _batchSizes[i],
                _batchSizes[i],
                _lanes[i].BytesPerEntry,
                _lanes[i].IsTimedSingly ? Distribution.Of(samples) : null));
        }

        return results;
    }
}
