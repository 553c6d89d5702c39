using NativeVm.Platform;

namespace NativeVm.Testing;

/// <summary>
/// Runs a few operations against each other in every order of their calls to the system: one thread at a time, from
/// one point to the next. What is an accident of timing on a busy machine, once a month, is here a run like another.
/// </summary>
/// <remarks>
/// <para>
/// The points are the beginning of an operation, and the moments right before and right after each call to the
/// platform; those are where an allocator's locks are given up, its states half changed and its pages half given back.
/// Between two points a thread runs undisturbed, so orders of single loads and stores between calls are not explored:
/// for those there are stress tests.
/// </para>
/// <para>
/// The orders are walked depth first: each run follows the previous one up to the last point at which another thread
/// could have been let go on, and lets that one go on. A thread that reaches no point because it waits for a lock is
/// left waiting and joins in again when it reaches one. That is found out by looking at it for a moment
/// (<see cref="InterleavingOptions.Patience"/>): on a machine that stalls a thread for longer, the thread merely runs
/// beside another one, which no correct code minds, and the report says that the walk was not complete.
/// </para>
/// </remarks>
public static class Interleavings
{
    /// <summary>Explores the orders of a scenario.</summary>
    /// <param name="platform">The platform that does the work: real pages, or simulated ones.</param>
    /// <param name="make">Makes the scenario on the platform that it is given, whose calls are the points.</param>
    /// <param name="options">How far; the defaults when null.</param>
    /// <returns>What was done.</returns>
    /// <exception cref="InterleavingException">An operation or the verification failed; the message tells the order.</exception>
    public static InterleavingReport Explore(
        VmPlatform platform, Func<VmPlatform, InterleavingScenario> make, InterleavingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(platform);
        ArgumentNullException.ThrowIfNull(make);
        options ??= new InterleavingOptions();
        List<InterleavingChoice> path = [];
        int runs = 0;
        int longest = 0;
        int blocked = 0;
        bool hasDeparted = false;
        do
        {
            InterleavingRun run = new(path, options.Patience);
            FaultInjectingPlatform watched = new(platform, new FaultInjectionOptions { LogCapacity = 0, Observer = run });
            using (InterleavingScenario scenario = make(watched))
            {
                run.Execute(scenario);
            }

            path = run.Path;
            runs++;
            longest = Math.Max(longest, path.Count);
            blocked += run.BlockedCount;
            hasDeparted |= run.HasDeparted;
        }
        while (TryNext(path) && runs < options.MaxRunCount);
        return new(runs, longest, blocked, path.Count == 0 && !hasDeparted);
    }

    /// <summary>Turns a path into the beginning of the next one; empty when there is none.</summary>
    private static bool TryNext(List<InterleavingChoice> path)
    {
        while (path.Count > 0 && path[^1].Index + 1 == path[^1].Count)
        {
            path.RemoveAt(path.Count - 1);
        }

        if (path.Count == 0)
        {
            return false;
        }

        path[^1] = path[^1] with { Index = path[^1].Index + 1 };
        return true;
    }
}
