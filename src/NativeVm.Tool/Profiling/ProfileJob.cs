using System.Diagnostics;
using NativeVm.Platform;
using NativeVm.Tool.Commands;
using NativeVm.Tool.Profiling.Allocators.Libraries;
using NativeVm.Tool.Profiling.Hosts;
using NativeVm.Tool.Reports;
using NativeVm.Tool.Reports.Html;
using NativeVm.Tool.Traces.Malloc;

namespace NativeVm.Tool.Profiling;

/// <summary>A profile as the command line asks for it: plan, run, print, write, compare.</summary>
internal sealed record ProfileJob
{
    /// <summary>Names of workloads; empty for all.</summary>
    public required IReadOnlyList<string> Workloads { get; init; }

    /// <summary>The settings as the command line has them.</summary>
    public required ProfileSettings Settings { get; init; }

    /// <summary>Where to write the figures, or null.</summary>
    public required string? JsonPath { get; init; }

    /// <summary>Where to write a page for the browser, or null.</summary>
    public string? HtmlPath { get; init; }

    /// <summary>Older figures to compare with, or null.</summary>
    public required string? ComparePath { get; init; }

    /// <summary>The change for the worse that is a regression, as a share.</summary>
    public required double Threshold { get; init; }

    /// <summary>Does it.</summary>
    /// <param name="console">Where to print.</param>
    /// <param name="cancellation">Ends the run; what is done by then is printed.</param>
    /// <returns>The exit code.</returns>
    /// <exception cref="ToolException">The input is unusable, or the result cannot be written.</exception>
    public int Run(ToolConsole console, CancellationToken cancellation)
    {
        Stopwatch watch = Stopwatch.StartNew();
        ProfileDocument? old = ComparePath is null ? null : ProfileDocument.Read(ComparePath);
        foreach (string path in Settings.Traces)
        {
            MallocReader.Read(path);
        }

        ProfileSettings settings = LibraryChoice.Resolve(Workloads, Settings);
        IReadOnlyList<ProfileCase> cases = ProfilePlan.Create(Workloads, settings);
        using ReplaceableFile? json = JsonPath is null ? null : ReplaceableFile.Create(JsonPath);
        using ReplaceableFile? html = HtmlPath is null ? null : ReplaceableFile.Create(HtmlPath);
        MachineInfo machine = MachineInfo.Describe(VmPlatform.Current);
        List<ProfileOutcome> done = [];
        List<string> complaints = [];
        List<string> late = [];
        int left = cases.Count;
        ProfileProgress.Show(console, cases, (one, progress) =>
        {
            if (!ProfileRoom.Suffices(one, out string? reason))
            {
                complaints.Add(reason!);
            }
            else if (watch.Elapsed > settings.Duration)
            {
                late.Add($"{one.Workload} {one.Title}");
            }
            else if (!cancellation.IsCancellationRequested)
            {
                TimeSpan share = (settings.Duration - watch.Elapsed) / left;
                done.Add(ProfileRunner.Run(
                    one, share, progress, cancellation, (profileCase, source) => LaneHosts.Start(settings, profileCase, source)));
            }

            left--;
        });

        if (late.Count != 0 && !cancellation.IsCancellationRequested)
        {
            complaints.Add(
                $"the time was up before {Quantity.Count(late.Count, "case")} of {Quantity.Count(cases.Count)}: "
                + $"{string.Join("; ", late)}. Choose with --workload, or give more with --seconds.");
        }

        ProfileDocument document = ProfileDocument.Of(machine, done);
        ProfileReport.Write(console.Out, machine, done);
        complaints.ForEach(complaint => console.Error.WriteLine($"nativevm: {complaint}"));
        string[] failures = cancellation.IsCancellationRequested ? [] : [.. done.SelectMany(one => one.Failures)];
        foreach (string failure in failures)
        {
            console.Error.WriteLine($"nativevm: {failure.ReplaceLineEndings(" ")}");
        }

        // Half the figures do not take the place of a file with all of them.
        if (!cancellation.IsCancellationRequested)
        {
            json?.Commit(document.Write);
            html?.Commit(stream => HtmlPage.Write(stream, ProfileHtml.Build(document)));
        }

        bool hasRegressed = old is not null && ComparisonReport.Write(console.Out, ProfileComparison.Of(old, document, Threshold));
        cancellation.ThrowIfCancellationRequested();
        return failures.Length != 0 || hasRegressed ? ExitCode.Failure : ExitCode.Success;
    }
}
