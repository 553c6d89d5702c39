using NativeVm.Tool.Profiling.Allocators;
using NativeVm.Tool.Profiling.Memory;
using NativeVm.Tool.Reports;

namespace NativeVm.Tool.Profiling.Workloads;

/// <summary>Small blocks from several threads at once: each thread its own, or passed from one to the next.</summary>
internal sealed class ThreadsWorkload : IWorkload
{
    /// <summary>The name of the workload.</summary>
    public const string WorkloadName = "threads";

    /// <summary>The parameter that tells how many threads there are.</summary>
    public const string ThreadCount = "threads";

    /// <summary>The parameter that is 1 where blocks are passed on.</summary>
    public const string IsPassing = "passing";

    private static readonly int[] Usual = [1, 2];

    /// <inheritdoc/>
    public string Name => WorkloadName;

    /// <inheritdoc/>
    public string Description => "block-replace by several threads: own blocks, or passed on";

    /// <inheritdoc/>
    public IEnumerable<ProfileCase> CreateCases(ProfileSettings settings) =>
        from mode in (ThreadsMode[])[ThreadsMode.OwnBlocks, ThreadsMode.PassedBlocks]
        from count in settings.Threads.Count != 0 ? settings.Threads : Usual
        select new ProfileCase(
            Name,
            $"{(mode == ThreadsMode.OwnBlocks ? "own" : "passed")}, {Quantity.Count(count, "thread")}",
            new Dictionary<string, long> { [IsPassing] = (long)mode, [ThreadCount] = count },
            MemoryLanes.Of(AllocatorUses.Blocks, settings, new ThreadsMaker(count, mode)))
        {
            IsSeparate = true,
        };
}
