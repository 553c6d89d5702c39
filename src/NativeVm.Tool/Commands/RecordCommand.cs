using System.CommandLine;
using NativeVm.Tool.Recording;
using NativeVm.Tool.Reports;
using NativeVm.Tool.Traces;

namespace NativeVm.Tool.Commands;

/// <summary><c>nativevm record -- COMMAND</c>.</summary>
internal static class RecordCommand
{
    /// <summary>The name of the command.</summary>
    public const string Name = "record";

    /// <summary>What the help says after the options.</summary>
    public static string Help { get; } = $"""
        What it does:
          Runs the command under strace, with this terminal, and writes the memory calls of it and of all its
          children to a trace for 'nativevm replay' and 'nativevm map'. Nothing else of the command is changed; it
          runs slower. It needs strace on PATH. Interrupts are the command's to obey; what was recorded until it
          ended is kept.

        Exit codes:
          that of the command; {128} and the number of the signal that ended it
          {StraceRecorder.NotStarted}  nothing was recorded: no strace, or it may not trace here
          {StraceRecorder.NotExecutable}  the command cannot be executed
          {StraceRecorder.NotFound}  there is no such command

        Examples:
          nativevm record -- python3 script.py
          nativevm record -o build.strace.gz -- make -j4
          nativevm record -o ls.strace -- ls -l && nativevm replay ls.strace
        """;

    /// <summary>Makes the command.</summary>
    /// <param name="console">Where to write.</param>
    public static Command Create(ToolConsole console)
    {
        Argument<string[]> arguments = new("COMMAND")
        {
            Description = "The command and its arguments, after two dashes.",
            Arity = ArgumentArity.OneOrMore,
        };
        Option<string?> output = new("--output", "-o")
        {
            Description = $"The trace to write; compressed if its name ends in .gz. [default: NAME{TraceNames.Strace}]",
            HelpName = "FILE",
        };
        Command command = new(Name, "Record what a command asks of memory, for replay and map.") { arguments, output };
        command.SetWork(console, (result, _) => Run(console, result.GetValue(arguments)!, result.GetValue(output)));
        return command;
    }

    private static int Run(ToolConsole console, string[] command, string? path)
    {
        string tracer = StraceRecorder.Require(command);
        path ??= Path.GetFileName(command[0]) + TraceNames.Strace;
        CommandRecording recording = CommandRecording.Make(tracer, command, path);
        if (recording.LineCount == 0)
        {
            throw new ToolException(
                StraceRecorder.NotStarted,
                $"strace recorded nothing of '{command[0]}': may this process trace others? See ptrace(2), ptrace_scope.");
        }

        // Standard output is the command's.
        console.Error.WriteLine(
            $"nativevm: {path}: {Quantity.Count(recording.LineCount, "line")}, "
            + $"{Quantity.Bytes((ulong)recording.ByteCount)}; {command[0]} ended with {recording.ExitCode}.");
        return recording.ExitCode;
    }
}
