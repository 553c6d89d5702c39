using System.CommandLine;
using NativeVm.Platform;
using NativeVm.Tool.Limits;
using NativeVm.Tool.Reports;

namespace NativeVm.Tool.Commands;

/// <summary><c>nativevm limits</c>.</summary>
internal static class LimitsCommand
{
    /// <summary>The name of the command.</summary>
    public const string Name = "limits";

    private static readonly TimeSpan TimePerCall = TimeSpan.FromMilliseconds(60);

    /// <summary>What the help says after the options.</summary>
    public const string Help = """
        What it prints:
          What this machine and this process may have of virtual memory, and where each limit is set; what the calls
          that manage it cost here, alone and while another thread of the process runs; and advice where a setting
          harms. The times are medians; those of touching, purging and protecting are of 16 resident pages.

        Examples:
          nativevm limits
          nativevm limits --no-measure
          nativevm limits --json limits.json
        """;

    /// <summary>Makes the command.</summary>
    /// <param name="console">Where to write.</param>
    public static Command Create(ToolConsole console)
    {
        Option<bool> noMeasure = new("--no-measure") { Description = "Do not time calls; done at once." };
        Option<string?> json = new("--json") { Description = "Also write it to a file.", HelpName = "FILE" };
        Command command = new(Name, "What this machine's virtual memory allows and costs.") { noMeasure, json };
        command.SetWork(console, (result, cancellation) =>
            Run(console, !result.GetValue(noMeasure), result.GetValue(json), cancellation));
        return command;
    }

    private static int Run(ToolConsole console, bool isMeasuring, string? jsonPath, CancellationToken cancellation)
    {
        using ReplaceableFile? json = jsonPath is null ? null : ReplaceableFile.Create(jsonPath);
        VmPlatform platform = VmPlatform.Current;
        SystemFiles files = new();
        LimitsDocument document = new(
            MachineInfo.Describe(platform),
            new LimitsReader(platform, files).Read(),
            isMeasuring ? Measure(platform, cancellation) : [],
            new LimitsAdvice(platform, files).Read());
        LimitsReport.Write(console.Out, document);
        json?.Commit(document.Write);
        return ExitCode.Success;
    }

    private static IReadOnlyList<CallCost> Measure(VmPlatform platform, CancellationToken cancellation)
    {
        using CallProbes probes = new(platform);
        return [.. probes.All().Select(probe =>
        {
            double alone = probe.Measure(TimePerCall, cancellation);
            if (Environment.ProcessorCount == 1)
            {
                return new CallCost(probe.Name, alone, null);
            }

            using BusyThread busy = new();
            return new CallCost(probe.Name, alone, probe.Measure(TimePerCall, cancellation));
        })];
    }
}
