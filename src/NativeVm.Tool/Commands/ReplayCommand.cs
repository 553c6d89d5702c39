using System.CommandLine;
using System.Globalization;
using NativeVm.Platform;
using NativeVm.Tool.Replay;
using NativeVm.Tool.Replay.Lanes;
using NativeVm.Tool.Reports;
using NativeVm.Tool.Reports.Html;
using NativeVm.Tool.Reports.Replays;
using NativeVm.Tool.Traces;
using Spectre.Console;

namespace NativeVm.Tool.Commands;

/// <summary><c>nativevm replay TRACE</c>.</summary>
internal static class ReplayCommand
{
    /// <summary>The name of the command.</summary>
    public const string Name = "replay";

    private const ulong LongTouch = 1UL << 30;
    private const int DefaultRounds = 3;
    private const int LongRounds = 2;

    /// <summary>What the help says after the options.</summary>
    public const string Help = """
        What it does:
          Reads traces, plain or gzip, and replays each through several allocators, each in a process of its own.
          Memory calls (what strace writes): anonymous mappings, unmappings and changes of protection go into a
          growable VmMap and to the system itself; pages that become writable are touched. Several traced
          processes share the one map.
          Heap calls (one a line, hexadecimal: a POINTER SIZE, m POINTER SIZE ALIGNMENT, r OLD NEW SIZE,
          f POINTER): allocations, resizes and frees go into each heap; a byte of every page is written.
          Lines that cannot be replayed are counted. Everything is removed at the end.

        What it prints:
          time in calls   in the allocator's methods; pages are touched on another clock, for heaps on the same
          system calls    all that were made, those that make and dispose of the map included
          at its fullest  when the trace had the most bytes in use
          address span    from the lowest address mapped by the replay to the end of the highest
          fragmentation   of mappings: 1 - largest gap / free space between them; of heaps: 1 - live / resident
          mappings        how many more the process has than before, as the system counts them
          resident peak   how much the resident set grew at most, of 64 samples
          Every second round takes the allocators in reverse order; the figures are those of the round of median
          time.

        Examples:
          nativevm replay traces/gcc.strace.gz
          nativevm replay traces/dotnet.strace.gz traces/gcc.strace.gz --html report.html
          nativevm replay app.malloc.gz --allocator NativeVm,NativeMemory,mimalloc
          nativevm replay app.malloc.gz --allocator NativeMemory,mine=./libmine.so --rounds 9 --json app.json
          nativevm record -o app.strace.gz -- ./app && nativevm replay app.strace.gz
          zcat traces/gcc.strace.gz | nativevm replay -
        """;

    /// <summary>Makes the command.</summary>
    /// <param name="console">Where to write.</param>
    public static Command Create(ToolConsole console)
    {
        Argument<string[]> traces = new("TRACE")
        {
            Description = "Traces of memory calls or of heap calls, plain or gzip; - for standard input.",
            Arity = ArgumentArity.OneOrMore,
        };
        Option<string[]> allocators = new("--allocator")
        {
            Description = "Allocators: NativeVm, system, NativeMemory, or malloc libraries by name or path. "
                + "[default: ours and the system's]",
            HelpName = "NAMES",
            Arity = ArgumentArity.OneOrMore,
        };
        Option<string?> html = new("--html") { Description = "Also write a page for the browser.", HelpName = "FILE" };
        Option<string?> json = new("--json") { Description = "Also write the figures to a file.", HelpName = "FILE" };
        Option<string?> rounds = new("--rounds")
        {
            Description = $"How often each allocator replays it. [default: {DefaultRounds}; {LongRounds} for more than 1 GiB]",
            HelpName = "N",
        };
        Option<bool> noTouch = new("--no-touch") { Description = "Do not touch pages: for traces larger than the memory." };
        Command command = new(Name, "Replay traces through allocators, ours and others, side by side.")
        {
            traces,
            allocators,
            html,
            json,
            rounds,
            noTouch,
        };
        command.SetWork(console, (result, cancellation) => Run(
            console,
            new ReplayRequest(
                result.GetValue(traces)!,
                ReplayAllocators.Parse(result.GetValue(allocators)),
                ParseRounds(result.GetValue(rounds)),
                !result.GetValue(noTouch)),
            result.GetValue(html),
            result.GetValue(json),
            cancellation));
        return command;
    }

    private static int Run(
        ToolConsole console, ReplayRequest request, string? htmlPath, string? jsonPath, CancellationToken cancellation)
    {
        List<SpooledTrace> files = [];
        try
        {
            files.AddRange(request.Traces.Select(SpooledTrace.Open));
            List<(ReplaySubject Subject, IReadOnlyList<ReplayLane> Lanes, int RoundCount)> plan =
                [.. files.Select(file => Plan(file, request))];
            using ReplaceableFile? html = htmlPath is null ? null : ReplaceableFile.Create(htmlPath);
            using ReplaceableFile? json = jsonPath is null ? null : ReplaceableFile.Create(jsonPath);
            IReadOnlyList<ReplayOutcome> outcomes = ReplayProgress.Show(
                console,
                plan.Sum(one => one.Lanes.Count * one.RoundCount),
                progress => (IReadOnlyList<ReplayOutcome>)[.. plan.Select((one, i) => Replay(files[i].Path, one, progress, cancellation))]);
            MachineInfo machine = MachineInfo.Describe(VmPlatform.Current);
            for (int i = 0; i < outcomes.Count; i++)
            {
                if (i != 0)
                {
                    console.Out.WriteLine();
                }

                ReplayReport.Write(console.Out, outcomes[i]);
            }

            html?.Commit(stream => HtmlPage.Write(stream, ReplayHtml.Build(outcomes, machine)));
            json?.Commit(stream => ReplayDocument.Write(stream, outcomes, machine));
            return ExitCodeOf(outcomes);
        }
        finally
        {
            files.ForEach(file => file.Dispose());
        }
    }

    private static (ReplaySubject Subject, IReadOnlyList<ReplayLane> Lanes, int RoundCount) Plan(
        SpooledTrace file, ReplayRequest request)
    {
        ReplaySubject subject = ReplaySubject.Prepare(AnyTrace.Read(file.Path));
        MemoryGuard.RequireRoom(subject.Trace.Name, subject.PeakTouchedByteCount, request.IsTouching);
        ReplayLane[] lanes =
        [
            .. ReplayAllocators.For(subject, request.Allocators).Select(name => new ReplayLane(name, request.IsTouching)),
        ];
        bool isLong = request.IsTouching && subject.TouchedByteCount > LongTouch;
        return (subject, lanes, request.RoundCount ?? (isLong ? LongRounds : DefaultRounds));
    }

    private static ReplayOutcome Replay(
        string path,
        (ReplaySubject Subject, IReadOnlyList<ReplayLane> Lanes, int RoundCount) plan,
        Action<string> progress,
        CancellationToken cancellation)
    {
        (IReadOnlyList<ReplayRun> runs, IReadOnlyList<ToolException> failures) = LaneRounds.Run(
            plan.Lanes,
            plan.RoundCount,
            lane =>
            {
                progress($"{plan.Subject.Trace.Name}, {lane.Allocator}");
                return LaneProcess.IsPossible
                    ? LaneProcess.Run(path, lane, cancellation)
                    : lane.Run(AnyTrace.Read(path), cancellation);
            },
            cancellation);
        return new ReplayOutcome(plan.Subject, runs, failures);
    }

    // An allocator that fails is told beside the others; when all of a trace fail, the first says how the tool ends.
    private static int ExitCodeOf(IReadOnlyList<ReplayOutcome> outcomes)
    {
        ToolException? first = outcomes.SelectMany(outcome => outcome.Failures).FirstOrDefault();
        return first is null ? ExitCode.Success : first.ExitCode;
    }

    private static int? ParseRounds(string? text) => text is null
        ? null
        : int.TryParse(text, CultureInfo.InvariantCulture, out int rounds) && rounds is >= 1 and <= 1000
            ? rounds
            : throw ToolException.BadInput("--rounds takes a number from 1 to 1000.");
}
