using NativeVm.Platform;
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
    /// Replays a small script until the code on the way is compiled with full optimisation and its memory is
    /// resident, so that the first target bears no cost of the tool's own.
    /// </summary>
    /// <remarks>
    /// On a virtual machine the first touch of memory that the machine has not used before is many times dearer than
    /// later ones, because the host has to find it; so as much memory as the script needs is touched once beforehand.
    /// </remarks>
    /// <param name="script">The script that will be replayed.</param>
    /// <param name="targets">What makes each target.</param>
    /// <param name="options">How to replay.</param>
    public static void WarmUp(ReplayScript script, IReadOnlyList<Func<IReplayTarget>> targets, ReplayOptions options)
    {
        if (options.IsTouching)
        {
            TouchOnce((nuint)script.PeakTouchedByteCount, options.PageSize);
        }

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
        }
    }

    private static unsafe void TouchOnce(nuint byteCount, nuint pageSize)
    {
        using SystemTarget system = SystemTarget.Create();
        if (byteCount == 0 || !system.TryMap(byteCount, PageProtection.ReadWrite, out nuint address))
        {
            return;
        }

        for (nuint offset = 0; offset < byteCount; offset += pageSize)
        {
            Volatile.Write(ref ((byte*)address)[offset], 1);
        }

        system.TryUnmap(new BlockPart(address, 0, byteCount, EndsBlock: true));
    }

    private static ReplayRun Median(List<ReplayRun> runs) => runs.OrderBy(run => run.Time).ElementAt((runs.Count - 1) / 2);
}
