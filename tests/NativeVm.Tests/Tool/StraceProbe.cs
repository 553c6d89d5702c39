using System.Diagnostics;
using NativeVm.Tool.Processes;

namespace NativeVm.Tests.Tool;

/// <summary>Finds out whether strace is there and may trace, which in many containers it may not.</summary>
internal static class StraceProbe
{
    private static readonly Lazy<string?> Reason = new(Try);

    public static string? WhyMissing => Reason.Value;

    private static string? Try()
    {
        if (!ProgramPath.TryFind("strace", out string? strace))
        {
            return "Needs strace on PATH.";
        }

        ProcessStartInfo start = new(strace!, ["-q", "-o", "/dev/null", "true"]) { RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? null : "Needs strace that may trace other processes.";
    }
}
