using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using NativeVm.Platform;
using NativeVm.Tool.Reports;
using NativeVm.Tool.Reports.Html;
using NativeVm.Tool.Reports.Spaces;
using NativeVm.Tool.Spaces;

namespace NativeVm.Tool.Commands;

/// <summary><c>nativevm map PID|self|TRACE</c>.</summary>
internal static class MapCommand
{
    /// <summary>The name of the command.</summary>
    public const string Name = "map";

    private const double DefaultInterval = 1;
    private const double ShortestInterval = 0.05;
    private const double LongestInterval = 3600;

    /// <summary>What the help says after the options.</summary>
    public const string Help = """
        What it prints:
          mapped      addresses that the process has mapped, whatever may be done there
          accessible  those that may be read, written or executed; the others are only reserved
          resident    what is in physical memory now
          written     what is in physical memory for this process alone because it wrote there
          huge        what is in huge pages
          The picture shows the addresses in order, each cell an equal share of them; long runs of free or
          reserved addresses are told in a line. A trace shows what its calls mapped, in the addresses of the
          traced program, and nothing that was there before the first call.

        Exit codes besides those of every command:
          0  also when a process that is watched ends: that is said in a line
          1  the process may not be read
          2  there is no such process or trace

        Examples:
          nativevm map self
          nativevm map 1234 --entries
          nativevm map 1234 --watch --interval 0.5
          nativevm map 1234 --watch --html app.html
          nativevm map traces/gcc.strace.gz --at peak --html gcc.html
        """;

    /// <summary>Makes the command.</summary>
    /// <param name="console">Where to write.</param>
    public static Command Create(ToolConsole console)
    {
        Argument<string> what = new("WHAT")
        {
            Description = "The number of a process, 'self', or a trace of memory calls.",
            HelpName = "PID|self|TRACE",
        };
        Option<string?> html = new("--html") { Description = "Also write a page for the browser.", HelpName = "FILE" };
        Option<bool> entries = new("--entries") { Description = "List every entry and every gap." };
        Option<bool> watch = new("--watch") { Description = "Look again and again until the process ends." };
        Option<string?> interval = new("--interval")
        {
            Description = $"Seconds between two looks. [default: {DefaultInterval}]",
            HelpName = "S",
        };
        Option<string?> at = new("--at")
        {
            Description = "The moment of a trace: peak, when the most could be accessed, or end. [default: peak]",
            HelpName = "MOMENT",
        };
        Command command = new(Name, "Show the address space of a process, or of a program in a trace.")
        {
            what,
            watch,
            interval,
            entries,
            at,
            html,
        };
        command.SetWork(console, (result, cancellation) =>
        {
            TimeSpan pause = ParseInterval(result.GetValue(interval));
            ISpaceSource source = SpaceSource.Open(result.GetValue(what)!, ParseMoment(result.GetValue(at)));
            bool isWatching = result.GetValue(watch);
            if (isWatching && !source.IsLive)
            {
                throw ToolException.BadInput("--watch watches a process; a trace does not change.");
            }

            MapView view = new(console, result.GetValue(entries));
            return Run(source, view, isWatching ? pause : null, result.GetValue(html), cancellation);
        });
        return command;
    }

    private static int Run(
        ISpaceSource source, MapView view, TimeSpan? pause, string? htmlPath, CancellationToken cancellation)
    {
        using ReplaceableFile? html = htmlPath is null ? null : ReplaceableFile.Create(htmlPath);
        SpaceHtml page = new();
        long start = Stopwatch.GetTimestamp();
        AddressSpace? space = source.TryRead() ?? throw ToolException.BadInput("the process has ended.");
        string title = space.Title;
        do
        {
            TimeSpan time = Stopwatch.GetElapsedTime(start);
            view.Show(space, time, isWatching: pause is not null);
            if (html is not null)
            {
                page.Add(time, space);
            }

            if (pause is null || cancellation.WaitHandle.WaitOne(pause.Value))
            {
                break;
            }

            space = source.TryRead();
        }
        while (space is not null);

        if (space is null)
        {
            view.ShowEnd(title);
        }

        html?.Commit(stream => HtmlPage.Write(stream, page.Build(MachineInfo.Describe(VmPlatform.Current))));
        cancellation.ThrowIfCancellationRequested();
        return ExitCode.Success;
    }

    private static TraceMoment ParseMoment(string? text) => text switch
    {
        null or "peak" => TraceMoment.Peak,
        "end" => TraceMoment.End,
        _ => throw ToolException.BadInput($"--at takes peak or end, not '{text}'."),
    };

    private static TimeSpan ParseInterval(string? text) => text is null
        ? TimeSpan.FromSeconds(DefaultInterval)
        : double.TryParse(text, CultureInfo.InvariantCulture, out double seconds)
            && seconds is >= ShortestInterval and <= LongestInterval
            ? TimeSpan.FromSeconds(seconds)
            : throw ToolException.BadInput($"--interval takes seconds from {ShortestInterval} to {LongestInterval}.");
}
