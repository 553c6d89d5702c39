using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using NativeVm.Tool.Commands;
using NativeVm.Tool.Interop;
using NativeVm.Tool.Processes;

namespace NativeVm.Tool.Recording;

/// <summary>Runs a command under strace, which writes the memory calls of it and of all its children to a file.</summary>
internal static class StraceRecorder
{
    /// <summary>How a recording fails that never began, after <c>timeout(1)</c> and <c>env(1)</c>.</summary>
    public const int NotStarted = 125;

    /// <summary>What a shell answers for a command that is there and cannot be executed.</summary>
    public const int NotExecutable = 126;

    /// <summary>What a shell answers for a command that is not there.</summary>
    public const int NotFound = 127;

    private const string Tracer = "strace";

    /// <summary>Makes sure that a command can be recorded here.</summary>
    /// <param name="command">The command and its arguments.</param>
    /// <returns>The tracer.</returns>
    /// <exception cref="ToolException">There is no tracer, or no such command.</exception>
    public static string Require(IReadOnlyList<string> command)
    {
        if (!ProgramPath.TryFind(Tracer, out string? tracer))
        {
            string remedy = OperatingSystem.IsLinux()
                ? "install it with the system's package manager"
                : "it exists on Linux only; record there, replay anywhere";
            throw new ToolException(NotStarted, $"{Tracer} is not to be found on PATH: {remedy}.");
        }

        if (!ProgramPath.TryFind(command[0], out string? program))
        {
            throw program is null
                ? new ToolException(NotFound, $"there is no command '{command[0]}'.")
                : new ToolException(NotExecutable, $"{program} cannot be executed: permission denied.");
        }

        return tracer!;
    }

    /// <summary>Runs the command to its end, with this process's terminal.</summary>
    /// <param name="tracer">The tracer.</param>
    /// <param name="command">The command and its arguments.</param>
    /// <param name="tracePath">Where the tracer writes, uncompressed.</param>
    /// <returns>The command's exit code; 128 and the signal's number when a signal ended it.</returns>
    public static int Run(string tracer, IReadOnlyList<string> command, string tracePath)
    {
        ProcessStartInfo start = new(
            tracer, ["-f", "-q", "-e", "trace=%memory", "-o", tracePath, "--", .. command]);
        try
        {
            using Process process = Process.Start(start)
                ?? throw new ToolException(NotStarted, $"{tracer} did not start.");

            // An interrupt from the keyboard goes to the whole group of processes: it is the command's to obey. What
            // comes to this process alone is passed on, past strace, which ignores it while it runs a command.
            using PosixSignalRegistration interrupt =
                PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true);
            using PosixSignalRegistration termination = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
            {
                context.Cancel = true;
                PosixProcess.RequestEndOfChildren(process.Id);
            });
            process.WaitForExit();
            return process.ExitCode;
        }
        catch (Win32Exception e)
        {
            throw new ToolException(NotStarted, $"{tracer} cannot be run: {e.Message}.", e);
        }
    }
}
