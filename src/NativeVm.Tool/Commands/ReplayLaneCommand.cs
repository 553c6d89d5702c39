using System.CommandLine;
using System.Text.Json;
using NativeVm.Tool.Replay;
using NativeVm.Tool.Replay.Lanes;
using NativeVm.Tool.Traces;

namespace NativeVm.Tool.Commands;

/// <summary>What a replay starts this program with for each allocator: one replay, told on standard output as JSON.</summary>
internal static class ReplayLaneCommand
{
    /// <summary>The name of the command, which help does not show.</summary>
    public const string Name = "replay-lane";

    /// <summary>The option that names the allocator.</summary>
    public const string AllocatorOption = "--allocator";

    /// <summary>The option that leaves pages untouched.</summary>
    public const string NoTouchOption = "--no-touch";

    /// <summary>Makes the command.</summary>
    /// <param name="console">Where to complain.</param>
    public static Command Create(ToolConsole console)
    {
        Argument<string> trace = new("TRACE");
        Option<string> allocator = new(AllocatorOption) { Required = true };
        Option<bool> noTouch = new(NoTouchOption);
        Command command = new(Name, "Replay a trace once; for nativevm replay.") { trace, allocator, noTouch };
        command.Hidden = true;
        command.SetWork(console, (result, cancellation) =>
        {
            ReplayLane lane = new(result.GetValue(allocator)!, !result.GetValue(noTouch));
            ReplayRun run = lane.Run(AnyTrace.Read(result.GetValue(trace)!), cancellation);
            using Stream output = Console.OpenStandardOutput();
            JsonSerializer.Serialize(output, run, LaneJsonContext.Default.ReplayRun);
            return ExitCode.Success;
        });
        return command;
    }
}
