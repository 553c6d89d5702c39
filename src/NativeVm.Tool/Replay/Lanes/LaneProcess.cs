using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using NativeVm.Tool.Commands;
using NativeVm.Tool.Profiling.Hosts;

namespace NativeVm.Tool.Replay.Lanes;

/// <summary>
/// Runs a lane in a process of its own, so that what one allocator leaves behind is not in the resident set of the
/// next, and a library that breaks its process breaks no other.
/// </summary>
internal static class LaneProcess
{
    private const int KilledBySignal = 128;

    /// <summary>Whether this system starts this program once more.</summary>
    public static bool IsPossible => SelfProcess.IsPossible;

    /// <summary>Runs a lane to its end.</summary>
    /// <param name="tracePath">The trace, a file.</param>
    /// <param name="lane">The lane.</param>
    /// <param name="cancellation">Ends the process.</param>
    /// <exception cref="ToolException">The lane failed, in one line.</exception>
    public static ReplayRun Run(string tracePath, ReplayLane lane, CancellationToken cancellation)
    {
        ProcessStartInfo start = SelfProcess.Start(
        [
            ReplayLaneCommand.Name,
            tracePath,
            ReplayLaneCommand.AllocatorOption,
            lane.Allocator,
            .. lane.IsTouching ? [] : (string[])[ReplayLaneCommand.NoTouchOption],
        ]);
        LibraryRoom.AddTo(start);
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        try
        {
            using Process process = Process.Start(start)
                ?? throw ToolException.Failure($"{lane.Allocator}: its process did not start.");
            using CancellationTokenRegistration registration = cancellation.Register(() => End(process));
            Task<string> error = process.StandardError.ReadToEndAsync(CancellationToken.None);
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            cancellation.ThrowIfCancellationRequested();
            return process.ExitCode == ExitCode.Success
                ? JsonSerializer.Deserialize(output, LaneJsonContext.Default.ReplayRun)!
                : throw Lost(lane, process.ExitCode, error.GetAwaiter().GetResult());
        }
        catch (Win32Exception e)
        {
            throw ToolException.Failure($"{lane.Allocator}: its process did not start: {e.Message}", e);
        }
        catch (JsonException e)
        {
            throw ToolException.Failure($"{lane.Allocator}: its process answered with something else than figures.", e);
        }
    }

    // The process says why in its own one line; what was killed says nothing, or what a library had to say.
    private static ToolException Lost(ReplayLane lane, int exitCode, string error)
    {
        string? line = error.Split('\n').LastOrDefault(text => text.StartsWith(NativeVmCommand.ErrorPrefix, StringComparison.Ordinal));
        string reason = line is not null ? line[NativeVmCommand.ErrorPrefix.Length..].Trim()
            : exitCode > KilledBySignal ? $"its process was ended by signal {exitCode - KilledBySignal}."
            : $"its process ended with exit code {exitCode}.";
        return new ToolException(
            exitCode == ExitCode.BadInput ? ExitCode.BadInput : ExitCode.Failure, $"{lane.Allocator}: {reason}");
    }

    private static void End(Process process)
    {
        try
        {
            process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
            process.Refresh();
        }
    }
}
