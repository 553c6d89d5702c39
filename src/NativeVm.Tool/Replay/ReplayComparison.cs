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
    /// <returns>For each target, the run of median time; of an even number of runs, the faster one in the middle.</returns>
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
    /// Replays a small script until the code on the way is compiled with full optimisation, and then the script
    /// itself once through each target, so that the first target bears no cost of the tool's own.
    /// </summary>
    /// <remarks>
    /// The runtime goes on compiling while the script runs, and its memory is in the resident set too. And on a
    /// virtual machine the first touch of memory that the machine has not used before is many times dearer than later
    /// ones, because the host has to find it.
    /// </remarks>
    /// <param name="script">The script that will be replayed.</param>
    /// <param name="targets">What makes each target.</param>
    /// <param name="options">How to replay.</param>
    /// <param name="cancellation">Ends the work after the run that is under way.</param>
    public static void WarmUp(
        ReplayScript script,
        IReadOnlyList<Func<IReplayTarget>> targets,
        ReplayOptions options,
        CancellationToken cancellation)
    {
        ReplayScript small = WarmUpScript.Create(options.PageSize);
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
                ReplayEngine.Run(small, target, quiet);
            }
            while (Environment.TickCount64 - start < WarmUpTime.TotalMilliseconds);
            cancellation.ThrowIfCancellationRequested();
            ReplayEngine.Run(script, target, options);
        }
    }

    private static ReplayRun Median(List<ReplayRun> runs) => runs.OrderBy(run => run.Time).ElementAt((runs.Count - 1) / 2);
}
