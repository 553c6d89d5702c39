using System.Diagnostics;
using NativeVm.Tool.Profiling.Hosts;

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
/// optimisation. The case ends when every median is known well enough, or when its time is up.
/// </para>
/// </remarks>
internal sealed class ProfileRunner
{
    private const int WarmUpTurns = 40;
    private const int LeastWarmUpTurns = 5;
    private const int LeastRounds = 5;
    private const double StableHalfWidth = 0.01;
    private const int RoundsBeforeStable = 24;
    private const int RoundsBetweenChecks = 8;
    private static readonly TimeSpan LongestWarmUp = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(10);

    private readonly List<LaneRun> _runs;
    private readonly List<string> _failures;

    private ProfileRunner(List<LaneRun> runs, List<string> failures) => (_runs, _failures) = (runs, failures);

    /// <summary>Runs a case.</summary>
    /// <param name="profileCase">The case.</param>
    /// <param name="duration">How long to run, the warm-up included; a few turns and rounds are run in any case.</param>
    /// <param name="progress">Told between slices how much of the time is over, from 0 to 1.</param>
    /// <param name="cancellation">Ends the run after the slice that is under way.</param>
    /// <param name="start">Where a lane runs; null for this process.</param>
    /// <returns>A result for each lane; none when it was cancelled before every lane had a measurement.</returns>
    public static ProfileOutcome Run(
        ProfileCase profileCase,
        TimeSpan duration,
        Action<double>? progress,
        CancellationToken cancellation,
        Func<ProfileCase, LaneSource, ILaneHost>? start = null)
    {
        Stopwatch watch = Stopwatch.StartNew();
        List<LaneRun> runs = [];
        List<string> failures = [];
        List<ILaneHost> hosts = [];
        try
        {
            foreach (LaneSource source in profileCase.Lanes)
            {
                if (cancellation.IsCancellationRequested)
                {
                    break;
                }

                Attempt(profileCase, source.Allocator, failures, () =>
                {
                    ILaneHost host = start is null ? new LocalLaneHost(source) : start(profileCase, source);
                    hosts.Add(host);
                    runs.Add(new LaneRun(source.Allocator, host));
                });
            }

            ProfileRunner runner = new(runs, failures);
            runner.ForEach(profileCase, runs.Count, 0, run => run.Host.WaitUntilReady());
            runner.RunRounds(profileCase, watch, duration, progress, cancellation);
            return runs.Exists(run => run.Samples.Count == 0)
                ? new ProfileOutcome(profileCase, [], failures)
                : new ProfileOutcome(profileCase, [.. runs.Select(run => run.ToResult())], failures);
        }
        finally
        {
            hosts.ForEach(host => host.Dispose());
        }
    }

    private static bool Attempt(ProfileCase profileCase, string allocator, List<string> failures, Action action)
    {
        try
        {
            action();
            return true;
        }
        catch (LaneLostException e)
        {
            failures.Add($"{allocator} at {profileCase.Workload} {profileCase.Title}: {e.Message}");
            return false;
        }
    }

    private void RunRounds(
        ProfileCase profileCase, Stopwatch watch, TimeSpan duration, Action<double>? progress, CancellationToken cancellation)
    {
        TimeSpan warm = watch.Elapsed + TimeSpan.FromTicks(Math.Min((duration / 3).Ticks, LongestWarmUp.Ticks));
        for (int turn = 0; NeedsWarmUp(turn); turn++)
        {
            ForEach(profileCase, _runs.Count, 0, run => run.Host.WarmUp(), cancellation);
            progress?.Invoke(Math.Min(1, watch.Elapsed / duration));
            if (cancellation.IsCancellationRequested || _runs.Count == 0)
            {
                return;
            }
        }

        for (int round = 1; !cancellation.IsCancellationRequested; round++)
        {
            ForEach(
                profileCase,
                _runs.Count,
                round,
                run =>
                {
                    run.Add(run.Host.Run(Slice));
                    progress?.Invoke(Math.Min(1, watch.Elapsed / duration));
                },
                cancellation);
            if ((watch.Elapsed >= duration && round >= LeastRounds) || _runs.Count == 0 || IsStable(round))
            {
                return;
            }
        }

        // Figures of lanes that are not warm, or of a moment, mislead: when the time is up there is a little of each.
        bool NeedsWarmUp(int turn) => turn < LeastWarmUpTurns
            || (turn < WarmUpTurns && watch.Elapsed < duration)
            || watch.Elapsed < warm;
    }

    private bool IsStable(int round) => round >= RoundsBeforeStable
        && round % RoundsBetweenChecks == 0
        && _runs.TrueForAll(run => !run.Host.IsTimedSingly && run.Bounds().RelativeHalfWidth <= StableHalfWidth);

    // Every lane once, beginning with another one each round. A lane that is lost is left out from then on.
    private void ForEach(
        ProfileCase profileCase, int count, int first, Action<LaneRun> action, CancellationToken cancellation = default)
    {
        LaneRun[] turn = [.. Enumerable.Range(0, count).Select(i => _runs[(first + i) % count])];
        foreach (LaneRun run in turn)
        {
            if (cancellation.IsCancellationRequested)
            {
                return;
            }

            if (!Attempt(profileCase, run.Allocator, _failures, () => action(run)))
            {
                _runs.Remove(run);
            }
        }
    }
}
