using NativeVm.Tool.Replay.Script;
using NativeVm.Tool.Replay.Targets;

namespace NativeVm.Tool.Replay;

/// <summary>Replays a script into several targets, one after the other, in rounds.</summary>
internal static class ReplayComparison
{
    private static readonly TimeSpan WarmUpTime = TimeSpan.FromMilliseconds(250);

    /// <summary>Runs all rounds.</summary>
    /// <param name="script">The script.</param>
    /// <param name="targets">What makes each target.</param>
    /// <param name="roundCount">How many rounds; every second one takes the targets in reverse order.</param>
    /// <param name="options">How to replay.</param>
    /// <param name="cancellation">Ends the work after the run that is under way.</param>
    /// <returns>For each target, the run of median time.</returns>
    public static IReadOnlyList<ReplayRun> Run(
        ReplayScript script,
        IReadOnlyList<Func<IReplayTarget>> targets,
        int roundCount,
        ReplayOptions options,
        CancellationToken cancellation)
    {
        List<ReplayRun>[] runs = [.. targets.Select(_ => new List<ReplayRun>())];
        for (int round = 0; round < roundCount; round++)
        {
            for (int i = 0; i < targets.Count; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                int index = (round & 1) == 0 ? i : targets.Count - 1 - i;
                runs[index].Add(ReplayEngine.Run(script, targets[index], options));
            }
        }

        return [.. runs.Select(Median)];
    }

    /// <summary>
    /// Replays a small script until the code on the way is compiled with full optimisation and its memory is
    /// resident, so that the first target bears no cost of the tool's own.
    /// </summary>
    /// <param name="targets">What makes each target.</param>
    /// <param name="options">How to replay.</param>
    public static void WarmUp(IReadOnlyList<Func<IReplayTarget>> targets, ReplayOptions options)
    {
        ReplayScript script = WarmUpScript.Create(options.PageSize);
        ReplayOptions quiet = new()
        {
            PageSize = options.PageSize,
            QueryMemory = options.QueryMemory,
            IsTouching = options.IsTouching,
        };
        foreach (Func<IReplayTarget> target in targets)
        {
            long start = Environment.TickCount64;
            do
            {
                ReplayEngine.Run(script, target, quiet);
            }
            while (Environment.TickCount64 - start < WarmUpTime.TotalMilliseconds);
        }
    }

    private static ReplayRun Median(List<ReplayRun> runs) => runs.OrderBy(run => run.Time).ElementAt(runs.Count / 2);
}
