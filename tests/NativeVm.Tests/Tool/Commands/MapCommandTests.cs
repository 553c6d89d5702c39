using System.Diagnostics;
using NativeVm.Tests.Support;
using NativeVm.Tool.Commands;

namespace NativeVm.Tests.Tool.Commands;

public class MapCommandTests
{
    private static readonly string GccTrace = Path.Combine(AppContext.BaseDirectory, "traces", "gcc.strace.gz");

    [CapabilityTheory(Needs.Linux | Needs.Smaps)]
    [InlineData(80)]
    [InlineData(120)]
    [InlineData(60)]
    public async Task The_own_process_fits_the_console(int width)
    {
        foreach (string[] arguments in (string[][])[["map", "self"], ["map", "self", "--entries"]])
        {
            (int exitCode, IReadOnlyList<string> lines, string error) = await RunAsync(width, arguments);
            Assert.Equal((0, string.Empty), (exitCode, error));
            Assert.All(lines, line => Assert.InRange(line.Length, 0, width));
            Assert.Contains(lines, line => line.Contains("read-write", StringComparison.Ordinal));
            Assert.Contains(lines, line => line.Contains("resident", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_trace_is_drawn_in_the_addresses_of_its_program()
    {
        (int exitCode, IReadOnlyList<string> lines, _) = await RunAsync(80, "map", GccTrace);
        Assert.Equal(0, exitCode);
        Assert.Contains(lines, line => line.StartsWith("gcc.strace.gz, process 11267 at its fullest", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("7fc8", StringComparison.Ordinal));
    }

    [CapabilityFact(Needs.Linux)]
    public async Task The_kernels_own_processes_map_nothing()
    {
        if (!File.Exists("/proc/2/comm") || File.ReadAllText("/proc/2/comm") != "kthreadd\n")
        {
            return;
        }

        (int exitCode, _, string error) = await RunAsync(80, "map", "2");
        Assert.Equal(ExitCode.BadInput, exitCode);
        Assert.Contains("kernel's own", error, StringComparison.Ordinal);
    }

    [CapabilityFact(Needs.Linux | Needs.Smaps)]
    public async Task A_process_that_ends_while_watched_is_a_line_and_success()
    {
        using Process process = Process.Start(new ProcessStartInfo("sleep", "1"))!;
        (int exitCode, IReadOnlyList<string> lines, string error) = await RunAsync(
            80, "map", $"{process.Id}", "--watch", "--interval", "0.1");
        Assert.Equal((0, string.Empty), (exitCode, error));
        Assert.Equal($"sleep ({process.Id}) has ended.", lines[^1]);
        Assert.Contains("mappings", lines[0], StringComparison.Ordinal);
    }

    [CapabilityFact(Needs.ChildProcesses)]
    public void A_full_disk_is_a_line_and_a_good_page_stays()
    {
        if (!File.Exists("/dev/full"))
        {
            return;
        }

        (int exitCode, _, string error) = ToolProcess.Run("map", GccTrace, "--html", "/dev/full");
        Assert.Equal(ExitCode.Failure, exitCode);
        Assert.Equal("nativevm: /dev/full cannot be written: No space left on device.\n", error);
    }

    private static async Task<(int ExitCode, IReadOnlyList<string> Lines, string Error)> RunAsync(int width, params string[] arguments)
    {
        using TestConsole console = new(width);
        int exitCode = await NativeVmCommand.RunAsync(arguments, console.Tool, TextWriter.Null);
        return (exitCode, console.Lines, console.Error);
    }
}
