using NativeVm.Tool.Profiling.Allocators.Libraries;

namespace NativeVm.Tool.Profiling;

/// <summary>What the command line asks of the workloads.</summary>
internal sealed record ProfileSettings
{
    /// <summary>Lengths to allocate, in bytes; empty for what each workload is usually run with.</summary>
    public IReadOnlyList<ulong> Sizes { get; init; } = [];

    /// <summary>Numbers of entries or blocks; empty for what each workload is usually run with.</summary>
    public IReadOnlyList<int> Live { get; init; } = [];

    /// <summary>Numbers of threads, for workloads with several; empty for what each is usually run with.</summary>
    public IReadOnlyList<int> Threads { get; init; } = [];

    /// <summary>Files of malloc traces, for the workload that replays them.</summary>
    public IReadOnlyList<string> Traces { get; init; } = [];

    /// <summary>Malloc libraries that take part.</summary>
    public IReadOnlyList<LibraryName> Libraries { get; init; } = [];

    /// <summary>Allocators to run, the one to measure by first; empty for all.</summary>
    public IReadOnlyList<string> Allocators { get; init; } = [];

    /// <summary>Whether to run fewer and smaller cases than usually.</summary>
    public bool IsQuick { get; init; }

    /// <summary>Time for all cases together.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>The sizes that a workload can use, or what it is usually run with where none were asked for.</summary>
    /// <param name="smallest">The smallest that it can use.</param>
    /// <param name="largest">The largest that it can use.</param>
    /// <param name="usual">What it is usually run with; a quick run takes the first only.</param>
    public IEnumerable<ulong> SizesBetween(ulong smallest, ulong largest, params ReadOnlySpan<ulong> usual) =>
        Sizes.Count != 0
            ? Sizes.Where(size => size >= smallest && size <= largest)
            : IsQuick ? [usual[0]] : usual.ToArray();

    /// <summary>The numbers of live things, or what a workload is usually run with where none were asked for.</summary>
    /// <param name="usual">What it is usually run with; a quick run takes the first only.</param>
    public IEnumerable<int> LiveOr(params ReadOnlySpan<int> usual) =>
        Live.Count != 0 ? Live : IsQuick ? [usual[0]] : usual.ToArray();
}
