using System.Diagnostics;
using System.Runtime.InteropServices;

namespace NativeVm.Tests.Support;

/// <summary>
/// Runs a scenario of <see cref="ChildScenarios"/> in a process of its own: for what kills a process, and for limits
/// that a process cannot take back.
/// </summary>
internal static class ChildProcess
{
    /// <summary>The argument that makes the test program run a scenario instead of the tests.</summary>
    public const string Switch = "--child";

    private const string ProgramName = "NativeVm.Tests";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Runs a scenario and waits for its end.</summary>
    public static ChildResult Run(string scenario, params string[] arguments) => Run(new ChildLimits(), scenario, arguments);

    /// <summary>Runs a scenario under limits, which only POSIX systems have, and waits for its end.</summary>
    public static ChildResult Run(ChildLimits limits, string scenario, params string[] arguments) =>
        Run(limits, [], scenario, arguments);

    /// <summary>Runs a scenario with more environment variables than this process has, and waits for its end.</summary>
    public static ChildResult Run(
        ChildLimits limits, IEnumerable<KeyValuePair<string, string>> environment, string scenario, params string[] arguments)
    {
        string[] command = [.. Host(), Switch, scenario, .. arguments];
        if (!OperatingSystem.IsWindows())
        {
            string[] alone = limits.SmallDevice is null ? [] : ["unshare", "-m"];
            command = [.. alone, "/bin/sh", "-c", $"{limits.ToShell()} exec \"$0\" \"$@\"", .. command];
        }

        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };

        // The runtime reserves 256 GiB for its heap unless told otherwise, which no address-space limit leaves room for.
        start.Environment["DOTNET_GCHeapHardLimit"] = "0x8000000";
        start.Environment["DOTNET_gcServer"] = "0";

        // Compiled once, without a second mapping of every page of code: at the cap on mappings no more can be had.
        start.Environment["DOTNET_TieredCompilation"] = "0";
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start) ?? throw new InvalidOperationException("The child did not start.");
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"The scenario {scenario} did not end within {Patience}.");
        }

        return new(process.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
    }

    /// <summary>Whether a process may mount a file system that only it sees.</summary>
    public static bool CanMountPrivately()
    {
        try
        {
            using Process? process = Process.Start(new ProcessStartInfo("unshare", ["-m", "mount", "-t", "tmpfs", "none", Path.GetTempPath()])
            {
                RedirectStandardError = true,
                RedirectStandardOutput = true,
            });
            process?.WaitForExit();
            return process?.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    // Under `dotnet test` this process is the test host, so the program is the assembly next to it; run on its own,
    // it is this process's program.
    private static string[] Host()
    {
        string self = Environment.ProcessPath ?? "";
        string name = Path.GetFileNameWithoutExtension(self);
        string assembly = Path.Combine(AppContext.BaseDirectory, ProgramName + ".dll");
        if (string.Equals(Path.GetFileName(self), ProgramName, StringComparison.Ordinal)
            || string.Equals(name, ProgramName, StringComparison.Ordinal))
        {
            return [self];
        }

        if (string.Equals(name, "dotnet", StringComparison.Ordinal))
        {
            return [self, assembly];
        }

        string root = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        return [Path.Combine(root, OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"), assembly];
    }
}
