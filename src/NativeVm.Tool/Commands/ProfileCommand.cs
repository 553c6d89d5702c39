using System.CommandLine;
using System.Globalization;
using NativeVm.Platform;
using NativeVm.Tool.Profiling;
using NativeVm.Tool.Profiling.Workloads;
using NativeVm.Tool.Reports;

namespace NativeVm.Tool.Commands;

/// <summary><c>nativevm profile</c>.</summary>
internal static class ProfileCommand
{
    /// <summary>The name of the command.</summary>
    public const string Name = "profile";

    private const double DefaultSeconds = 60;
    private const double QuickSeconds = 15;
    private const double MostSeconds = 3600;
    private const ulong LargestSize = 1UL << 30;
    private const int MostLive = 10_000_000;
    private static readonly int[] DefaultLive = [1_000, 100_000];
    private static readonly ulong[] DefaultSizes = [4 << 10, 64 << 10, 1 << 20, 4 << 20];

    /// <summary>What the help says after the options.</summary>
    public static string Help { get; } = $"""
        Workloads:
          {string.Join("\n  ", WorkloadRegistry.All.Select(workload => $"{workload.Name,-14}  {workload.Description}"))}

        How it measures:
          The allocators of a case run by turns, in slices of 10 ms, after a warm-up. Operations are timed in batches
          of 0.1 ms, or one by one when they take longer; median, min and p99 are of those times, divided by the
          operations in a batch. The ratio is the median by that of the first allocator.

        Examples:
          nativevm profile
          nativevm profile --quick --workload page-touch --sizes 64K,2M
          nativevm profile --workload map-churn,map-lookup --live 1000,1000000
          nativevm profile --allocators system,NativeVm --seconds 60 --json profile.json
        """;

    /// <summary>Makes the command.</summary>
    /// <param name="console">Where to write.</param>
    public static Command Create(ToolConsole console)
    {
        Option<string[]> workloads = List("--workload", "Workloads to run. [default: all]", "NAMES");
        Option<string[]> allocators = List(
            "--allocators", "Allocators to run, the one to measure by first. [default: all]", "NAMES");
        Option<string[]> sizes = List("--sizes", "Lengths to allocate. [default: 4K,64K,1M,4M]", "SIZES");
        Option<string[]> live = List("--live", "Entries in a map. [default: 1000,100000]", "COUNTS");
        Option<string?> seconds = new("--seconds")
        {
            Description = $"Time for all cases together. [default: {DefaultSeconds}]",
            HelpName = "S",
        };
        Option<bool> quick = new("--quick") { Description = $"The same as --seconds {QuickSeconds}." };
        Option<string?> json = new("--json") { Description = "Also write the figures to a file.", HelpName = "FILE" };

        Command command = new(Name, "Time allocators, ours and the system's, interleaved in one run.")
        {
            workloads,
            allocators,
            sizes,
            live,
            seconds,
            quick,
            json,
        };
        command.SetWork(console, (result, cancellation) =>
        {
            ProfileSettings settings = new()
            {
                Sizes = result.GetValue(sizes) is { Length: > 0 } texts ? [.. Names(texts).Select(ParseSize)] : DefaultSizes,
                Live = result.GetValue(live) is { Length: > 0 } counts ? [.. Names(counts).Select(ParseLive)] : DefaultLive,
                Allocators = Names(result.GetValue(allocators)),
                Duration = ParseSeconds(result.GetValue(seconds), result.GetValue(quick)),
            };
            return Run(console, Names(result.GetValue(workloads)), settings, result.GetValue(json), cancellation);
        });
        return command;
    }

    private static int Run(
        ToolConsole console,
        IReadOnlyList<string> workloads,
        ProfileSettings settings,
        string? jsonPath,
        CancellationToken cancellation)
    {
        IReadOnlyList<ProfileCase> cases = ProfilePlan.Create(workloads, settings);
        using ReplaceableFile? json = jsonPath is null ? null : ReplaceableFile.Create(jsonPath);
        MachineInfo machine = MachineInfo.Describe(VmPlatform.Current);
        List<(ProfileCase Case, IReadOnlyList<ProfileResult> Results)> done = [];
        ProfileProgress.Show(console, cases, (one, progress) =>
        {
            IReadOnlyList<ProfileResult> results =
                ProfileRunner.Run(one, settings.Duration / cases.Count, progress, cancellation);
            if (results.Count != 0)
            {
                done.Add((one, results));
            }
        });

        ProfileReport.Write(console.Out, machine, done);
        json?.Commit(stream => ProfileDocument.Write(stream, machine, done));
        cancellation.ThrowIfCancellationRequested();
        return ExitCode.Success;
    }

    private static Option<string[]> List(string name, string description, string helpName) => new(name)
    {
        Description = description,
        HelpName = helpName,
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = true,
    };

    private static string[] Names(string[]? values)
    {
        const StringSplitOptions Tidy = StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries;
        return [.. (values ?? []).SelectMany(value => value.Split(',', Tidy))];
    }

    private static ulong ParseSize(string text) => !SizeText.TryParse(text, out ulong size)
        ? throw ToolException.BadInput($"'{text}' is no size; write 4096, 64K or 1M.")
        : size > LargestSize
            ? throw ToolException.BadInput($"{text} is more than {Quantity.Bytes(LargestSize)}, the most that is allocated at once.")
            : size;

    private static int ParseLive(string text) => int.TryParse(text, CultureInfo.InvariantCulture, out int live) && live is >= 1 and <= MostLive
        ? live
        : throw ToolException.BadInput($"--live takes numbers of entries from 1 to {MostLive}.");

    private static TimeSpan ParseSeconds(string? text, bool isQuick) => text is null
        ? TimeSpan.FromSeconds(isQuick ? QuickSeconds : DefaultSeconds)
        : double.TryParse(text, CultureInfo.InvariantCulture, out double seconds) && seconds is > 0 and <= MostSeconds
            ? TimeSpan.FromSeconds(seconds)
            : throw ToolException.BadInput($"--seconds takes a number above 0 and up to {MostSeconds}.");
}
