using System.CommandLine;
using System.Globalization;
using NativeVm.Platform;
using NativeVm.Tool.Replay;
using NativeVm.Tool.Replay.Script;
using NativeVm.Tool.Replay.Targets;
using NativeVm.Tool.Reports;
using NativeVm.Tool.Traces;

namespace NativeVm.Tool.Commands;

/// <summary><c>nativevm replay TRACE</c>.</summary>
internal static class ReplayCommand
{
    /// <summary>The name of the command.</summary>
    public const string Name = "replay";

    private const ulong LongTouch = 1UL << 30;

    /// <summary>What the help says after the options.</summary>
    public const string Help = """
        What it does:
          Reads an strace of memory calls, plain or gzip. Anonymous mappings, unmappings and changes of protection
          are replayed into a growable VmMap and through the system's own calls, in turn, in this process; pages
          that become writable are touched. Everything is removed at the end. Several traced processes share the
          one map: each mapping of each of them is placed afresh. Lines that cannot be replayed are counted.

        What it prints:
          time in calls   in the map's methods, or in the system's calls; pages are touched on another clock
          system calls    all that were made, those that make and dispose of the map included
          at its fullest  when the traced processes could access the most bytes
          address span    from the lowest address mapped by the replay to the end of the highest
          free            bytes of the span that the replay has not mapped
          fragmentation   1 - largest gap / free: 0 % is one gap, near 100 % is many small ones
          mappings        how many more the process has than before, as the system counts them
          resident peak   how much the resident set grew at most, of 64 samples
          Each side first replays the trace once unmeasured. Every second round takes the two sides in reverse
          order; the figures are those of the round of median time.

        Examples:
          nativevm replay traces/gcc.strace.gz
          nativevm replay traces/dotnet.strace.gz --rounds 9 --json dotnet.json
          strace -f -q -e trace=%memory -o app.strace ./app && nativevm replay app.strace
          zcat traces/gcc.strace.gz | nativevm replay -
        """;

    /// <summary>Makes the command.</summary>
    /// <param name="console">Where to write.</param>
    public static Command Create(ToolConsole console)
    {
        Argument<string> trace = new("TRACE")
        {
            Description = "A trace: what 'strace -f -e trace=%memory' wrote, plain or gzip, or - for standard input.",
        };
        Option<string?> json = new("--json") { Description = "Also write the figures to a file.", HelpName = "FILE" };
        Option<string?> rounds = new("--rounds")
        {
            Description = "How often each side replays it. [default: 3; 2 for more than 1 GiB]",
            HelpName = "N",
        };
        Option<bool> noTouch = new("--no-touch") { Description = "Do not touch pages: for traces larger than the memory." };
        Command command = new(Name, "Replay a trace through NativeVm and through the operating system, side by side.")
        {
            trace,
            json,
            rounds,
            noTouch,
        };
        command.SetWork(console, (result, cancellation) => Run(
            console,
            result.GetValue(trace)!,
            result.GetValue(json),
            ParseRounds(result.GetValue(rounds)),
            !result.GetValue(noTouch),
            cancellation));
        return command;
    }

    private static int Run(
        ToolConsole console, string path, string? jsonPath, int? rounds, bool isTouching, CancellationToken cancellation)
    {
        Trace trace = TraceFile.Read(path);
        VmPlatform platform = VmPlatform.Current;
        ReplayScript script = ScriptBuilder.Build(trace, platform.PageSize);
        if (script.Steps.Length == 0)
        {
            throw ToolException.BadInput(
                $"{trace.Name} maps no anonymous memory, so there is nothing to replay.");
        }

        MemoryGuard.RequireRoom(script, isTouching);
        using ReplaceableFile? json = jsonPath is null ? null : ReplaceableFile.Create(jsonPath);
        int roundCount = rounds ?? (isTouching && script.TouchedByteCount > LongTouch ? 2 : 3);
        Func<IReplayTarget>[] targets =
        [
            () => new VmMapTarget(platform, script.PeakMappedByteCount),
            SystemTarget.Create,
        ];

        IReadOnlyList<ReplayRun> runs = ReplayProgress.Show(console, script, targets.Length * (1 + roundCount), progress =>
        {
            ReplayOptions options = new()
            {
                PageSize = platform.PageSize,
                QueryMemory = () => QueryMemory(platform),
                IsTouching = isTouching,
                Progress = progress,
            };
            ReplayComparison.WarmUp(script, targets, options, cancellation);
            return ReplayComparison.Run(script, targets, roundCount, options, cancellation);
        });

        ReplayReport.Write(console.Out, trace, script, runs);
        json?.Commit(stream => ReplayDocument.Write(stream, trace, script, runs, MachineInfo.Describe(platform)));
        return ExitCode.Success;
    }

    private static int? ParseRounds(string? text) => text is null
        ? null
        : int.TryParse(text, CultureInfo.InvariantCulture, out int rounds) && rounds is >= 1 and <= 1000
            ? rounds
            : throw ToolException.BadInput("--rounds takes a number from 1 to 1000.");

    private static ProcessMemory QueryMemory(VmPlatform platform)
    {
        platform.QueryProcess(out ProcessMemory memory).ThrowIfRefused();
        return memory;
    }
}
