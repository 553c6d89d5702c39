using NativeVm.Tool.Commands;

namespace NativeVm.Tool.Replay.Lanes;

/// <summary>Runs the lanes of a trace by turns, every second round in reverse order, and takes the median of each.</summary>
internal static class LaneRounds
{
    /// <summary>Runs all rounds.</summary>
    /// <param name="lanes">The lanes.</param>
    /// <param name="roundCount">How many rounds.</param>
    /// <param name="run">Runs a lane once.</param>
    /// <param name="cancellation">Ends the work after the run that is under way.</param>
    /// <returns>
    /// For each lane that could be run, in the order of the lanes, the run of median time; of an even number of runs,
    /// the faster one in the middle. For each other lane, why not. A lane that fails is not tried again.
    /// </returns>
    public static (IReadOnlyList<ReplayRun> Runs, IReadOnlyList<ToolException> Failures) Run(
        IReadOnlyList<ReplayLane> lanes, int roundCount, Func<ReplayLane, ReplayRun> run, CancellationToken cancellation)
    {
        List<ReplayRun>[] runs = [.. lanes.Select(_ => new List<ReplayRun>())];
        ToolException?[] failures = new ToolException?[lanes.Count];
        for (int round = 0; round < roundCount; round++)
        {
            for (int i = 0; i < lanes.Count; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                int index = (round & 1) == 0 ? i : lanes.Count - 1 - i;
                if (failures[index] is not null)
                {
                    continue;
                }

                try
                {
                    runs[index].Add(run(lanes[index]));
                }
                catch (ToolException e)
                {
                    failures[index] = e;
                }
            }
        }

        IEnumerable<ReplayRun> medians = runs
            .Where((_, i) => failures[i] is null)
            .Select(some => some.OrderBy(one => one.Time).ElementAt((some.Count - 1) / 2));
        return ([.. medians], [.. failures.OfType<ToolException>()]);
    }
}
