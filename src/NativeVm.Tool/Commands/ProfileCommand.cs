using System.CommandLine;
using NativeVm.Tool.Profiling;
using NativeVm.Tool.Profiling.Allocators;
using NativeVm.Tool.Profiling.Allocators.Libraries;
using NativeVm.Tool.Profiling.Workloads;

namespace NativeVm.Tool.Commands;

/// <summary><c>nativevm profile</c>.</summary>
internal static class ProfileCommand
{
    /// <summary>The name of the command.</summary>
    public const string Name = "profile";

    private const double DefaultSeconds = 240;
    private const double QuickSeconds = 20;
    private const double MostSeconds = 3600;
    private const double DefaultThreshold = 0.1;

    /// <summary>What the help says after the options.</summary>
    public static string Help { get; } = $"""
        Workloads:
          {string.Join("\n  ", WorkloadRegistry.All.Select(workload => $"{workload.Name,-20}  {workload.Description}"))}

        Allocators:
          NativeVm              ours: PageAllocator for pages, VmHeap for blocks and traces, VmMap for maps
          VmMap                 find and commit, then remove: pages straight from a map
          system                mmap and munmap; VirtualAlloc and VirtualFree
          NativeMemory          .NET's: the C library's malloc and free
          ArrayPool             .NET's shared pool of arrays
          mimalloc, jemalloc, tcmalloc, or any other malloc library: by name where the system finds it, by path,
          or as name=/path/to/lib.so. Those three take part unasked where they are installed.

        How it measures:
          The allocators of a case run by turns, in slices of 10 ms, after a warm-up, each in a process of its own
          (maps: in this one), until every median is known within 1 % or the time is up. Operations are timed in
          batches of 0.1 ms, or one by one when they take longer.

        What it prints, for each operation:
          median    of the batches;  spread: half the distance between the quartiles;  ratio: by the first allocator
          calls     system calls, where they can be counted;  faults: page faults
          resident  how much the resident set of the process grew at most; allocators that are compiled while
                    the program runs are used for a moment before, so that their code is not counted
          B/entry   the map's bookkeeping

        Comparing:
          --compare reads what --json wrote before and prints what changed beyond the noise: where the 95 % bounds
          of the medians are apart and 3 % lie between the medians. The exit code is 1 if anything got slower by more than --threshold, or
          needs so much more memory.

        Examples:
          nativevm profile --quick
          nativevm profile --quick --workload page-pair,block-replace --allocators NativeVm,mimalloc
          nativevm profile --workload block-pair --allocator NativeMemory --allocator mine=./libmine.so
          nativevm profile --workload map-churn,map-lookup --live 1000,1000000
          nativevm profile --trace sqlite.malloc.gz
          nativevm profile --json new.json --compare old.json --threshold 15%
        """;

    /// <summary>Makes the command.</summary>
    /// <param name="console">Where to write.</param>
    public static Command Create(ToolConsole console)
    {
        Option<string[]> workloads = List("--workload", "Workloads to run. [default: all]", "NAMES", "--workloads", "-w");
        workloads.CompletionSources.Add([.. WorkloadRegistry.All.Select(workload => workload.Name)]);
        Option<string[]> allocators = List(
            "--allocators", "Allocators to run, the one to measure by first. [default: all]", "NAMES", "--allocator", "-a");
        allocators.CompletionSources.Add([
            .. AllocatorRegistry.BuiltIn.Select(source => source.Name), .. LibraryName.WellKnown.Select(library => library.Name)]);
        Option<string[]> sizes = List("--sizes", "Lengths to allocate. [default: as the workload has them]", "SIZES", "--size");
        Option<string[]> live = List("--live", "Entries, runs or blocks that are live. [default: as the workload has them]", "COUNTS");
        Option<string[]> threads = List("--threads", "Numbers of threads, for that workload. [default: 1,2]", "COUNTS");
        Option<string[]> traces = List("--trace", "Malloc traces to replay; without --workload nothing else is run.", "FILES", "--traces");
        Option<string?> seconds = new("--seconds")
        {
            Description = $"Time for all cases together, at most. [default: {DefaultSeconds}]",
            HelpName = "S",
        };
        Option<bool> quick = new("--quick") { Description = "Fewer and smaller cases, done within 30 seconds." };
        Option<string?> json = new("--json") { Description = "Also write the figures to a file.", HelpName = "FILE" };
        Option<string?> html = new("--html") { Description = "Also write a page for the browser.", HelpName = "FILE" };
        Option<string?> compare = new("--compare") { Description = "Print what changed since a file that --json wrote.", HelpName = "OLD.json" };
        Option<string?> threshold = new("--threshold")
        {
            Description = "What change for the worse makes --compare end with exit code 1. [default: 10%]",
            HelpName = "SHARE",
        };

        Command command = new(Name, "Time allocators, ours, the system's and others', interleaved in one run.")
        {
            workloads,
            allocators,
            sizes,
            live,
            threads,
            traces,
            seconds,
            quick,
            json,
            html,
            compare,
            threshold,
        };
        command.SetWork(console, (result, cancellation) =>
        {
            string[] names = ProfileOptions.Names(result.GetValue(workloads));
            string[] traceFiles = result.GetValue(traces) ?? [];
            bool isQuick = result.GetValue(quick);
            ProfileSettings settings = new()
            {
                Sizes = [.. ProfileOptions.Names(result.GetValue(sizes)).Select(ProfileOptions.ParseSize)],
                Live = [.. ProfileOptions.Names(result.GetValue(live)).Select(ProfileOptions.ParseLive)],
                Threads = [.. ProfileOptions.Names(result.GetValue(threads)).Select(ProfileOptions.ParseThreads)],
                Traces = [.. traceFiles.Select(Path.GetFullPath)],
                Allocators = ProfileOptions.Names(result.GetValue(allocators)),
                IsQuick = isQuick,
                Duration = ProfileOptions.ParseSeconds(result.GetValue(seconds), isQuick ? QuickSeconds : DefaultSeconds, MostSeconds),
            };
            ProfileJob job = new()
            {
                Workloads = names.Length == 0 && traceFiles.Length != 0 ? [TraceWorkload.WorkloadName] : names,
                Settings = settings,
                JsonPath = result.GetValue(json),
                HtmlPath = result.GetValue(html),
                ComparePath = result.GetValue(compare),
                Threshold = ProfileOptions.ParseThreshold(result.GetValue(threshold), DefaultThreshold),
            };
            return job.Run(console, cancellation);
        });
        return command;
    }

    private static Option<string[]> List(string name, string description, string helpName, params string[] aliases) => new(name, aliases)
    {
        Description = description,
        HelpName = helpName,
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = true,
    };
}
