using NativeVm.Tool.Profiling;
using NativeVm.Tool.Profiling.Workloads;
using Spectre.Console;

namespace NativeVm.Tool.Reports;

/// <summary>Prints how many times the throughput of one thread several threads have.</summary>
internal static class ScalingReport
{
    /// <summary>Prints a line for each case of several threads that has one of a single thread beside it.</summary>
    /// <param name="console">Where to.</param>
    /// <param name="outcomes">The outcomes; those of other workloads are left out.</param>
    public static void Write(IAnsiConsole console, IReadOnlyList<ProfileOutcome> outcomes)
    {
        ProfileOutcome[] threads = [.. outcomes.Where(one => one.Case.Workload == ThreadsWorkload.WorkloadName)];
        foreach (ProfileOutcome many in threads.Where(one => Threads(one) > 1))
        {
            ProfileOutcome? single = Array.Find(threads, one => Threads(one) == 1 && Mode(one) == Mode(many));
            if (single is null)
            {
                continue;
            }

            IEnumerable<string> ratios =
                from lane in many.Results
                join alone in single.Results on lane.Allocator equals alone.Allocator
                select $"{lane.Allocator} {Quantity.Ratio(alone.Times.Median, lane.Times.Median)}";
            console.WriteLine($"Throughput of {many.Case.Title}, by that of one: {string.Join(", ", ratios)}");
        }
    }

    private static long Threads(ProfileOutcome one) => one.Case.Parameters[ThreadsWorkload.ThreadCount];

    private static long Mode(ProfileOutcome one) => one.Case.Parameters[ThreadsWorkload.IsPassing];
}
