using System.Diagnostics;
using NativeVm.Tests.Support;
using NativeVm.Tool.Recording;
using NativeVm.Tool.Traces;

namespace NativeVm.Tests.Tool.Recording;

public sealed class RecordCommandTests : IDisposable
{
    // As strace is called: -f -q -e trace=%memory -o FILE -- COMMAND.
    private const string FakeStrace = """
        #!/bin/sh
        [ "$1 $2 $3 $4 $5 $7" = "-f -q -e trace=%memory -o --" ] || exit 99
        echo '7 mmap(NULL, 8192, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f0000000000' >"$6"
        shift 7
        exec "$@"
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("nativevm").FullName;

    [CapabilityTheory(Needs.ChildProcesses)]
    [InlineData("it.strace.gz")]
    [InlineData("it.strace")]
    public void What_the_tracer_wrote_is_a_trace_and_the_exit_code_is_that_of_the_command(string name)
    {
        string path = Path.Combine(_folder, name);
        (int exitCode, string output, string error) = Record(FakeStrace, "-o", path, "--", "sh", "-c", "echo out; exit 7");
        Assert.Equal((7, "out\n"), (exitCode, output));
        Assert.Contains("1 line", error, StringComparison.Ordinal);
        Assert.Contains("sh ended with 7", error, StringComparison.Ordinal);
        Assert.Equal(8192ul, Assert.Single(TraceFile.Read(path).Calls).ByteCount);
        Assert.Equal(name.EndsWith(".gz", StringComparison.Ordinal), File.ReadAllBytes(path)[0] == 0x1f);
        Assert.Equal(path, Assert.Single(Directory.GetFiles(_folder)));
    }

    [CapabilityFact(Needs.ChildProcesses)]
    public void Without_a_tracer_nothing_is_run()
    {
        (int exitCode, string output, string error) = ToolProcess.Run(
            [KeyValuePair.Create("PATH", _folder)], "record", "-o", Path.Combine(_folder, "x"), "--", "/bin/sh", "-c", "echo out");
        Assert.Equal((StraceRecorder.NotStarted, string.Empty), (exitCode, output));
        AssertOneLine(error, "strace is not to be found");
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [CapabilityFact(Needs.ChildProcesses)]
    public void A_command_that_is_not_there_is_127_and_one_that_cannot_be_executed_126()
    {
        string file = Path.Combine(_folder, "text");
        File.WriteAllText(file, "text");
        (int missing, _, string missingError) = Record(FakeStrace, "-o", Path.Combine(_folder, "x"), "--", "no-such-command");
        (int denied, _, string deniedError) = Record(FakeStrace, "-o", Path.Combine(_folder, "x"), "--", file);
        Assert.Equal((StraceRecorder.NotFound, StraceRecorder.NotExecutable), (missing, denied));
        AssertOneLine(missingError, "no command 'no-such-command'");
        AssertOneLine(deniedError, "cannot be executed");
    }

    [CapabilityFact(Needs.ChildProcesses)]
    public void A_tracer_that_records_nothing_is_said_to_and_a_good_trace_stays()
    {
        string path = Path.Combine(_folder, "good.strace");
        File.WriteAllText(path, "good");
        (int exitCode, _, string error) = Record("#!/bin/sh\nexit 1\n", "-o", path, "--", "true");
        Assert.Equal(StraceRecorder.NotStarted, exitCode);
        AssertOneLine(error, "recorded nothing");
        Assert.Equal("good", File.ReadAllText(path));
    }

    [CapabilityFact(Needs.ChildProcesses)]
    public void A_place_that_cannot_be_written_is_known_before_the_command_runs()
    {
        (int exitCode, string output, string error) =
            Record(FakeStrace, "-o", Path.Combine(_folder, "no", "x"), "--", "sh", "-c", "echo out");
        Assert.Equal((1, string.Empty), (exitCode, output));
        AssertOneLine(error, "cannot be written");
    }

    [CapabilityFact(Needs.ChildProcesses | Needs.Strace)]
    public void A_real_command_is_recorded_with_its_children()
    {
        string path = Path.Combine(_folder, "sh.strace.gz");
        (int exitCode, _, _) = ToolProcess.Run("record", "-o", path, "--", "sh", "-c", "sh -c 'exit 3'; exit 4");
        Assert.Equal(4, exitCode);
        NativeVm.Tool.Traces.Trace trace = TraceFile.Read(path);
        Assert.True(trace.Calls.Select(call => call.ProcessId).Distinct().Count() >= 2);
        Assert.Contains(trace.Calls, call => call.Kind == TraceCallKind.ChildEnded);
    }

    [CapabilityFact(Needs.ChildProcesses | Needs.Strace)]
    public void A_request_to_end_reaches_the_command_and_what_was_recorded_is_kept()
    {
        string path = Path.Combine(_folder, "sleep.strace.gz");
        using Process process = ToolProcess.Start([], "record", "-o", path, "--", "sh", "-c", "echo ready; exec sleep 100");
        Assert.Equal("ready", process.StandardOutput.ReadLine());
        using Process kill = Process.Start("kill", $"{process.Id}");
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(128 + 15, process.ExitCode);
        Assert.Contains("sh ended with 143", error, StringComparison.Ordinal);
        Assert.NotEmpty(TraceFile.Read(path).Calls);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static void AssertOneLine(string error, string expected)
    {
        Assert.StartsWith("nativevm: ", error, StringComparison.Ordinal);
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.Equal(error.Length - 1, error.IndexOf('\n', StringComparison.Ordinal));
    }

    private (int ExitCode, string Output, string Error) Record(string tracer, params string[] arguments)
    {
        string folder = Path.Combine(_folder, "bin");
        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, "strace");
        File.WriteAllText(path, tracer);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        string search = $"{folder}{Path.PathSeparator}{Environment.GetEnvironmentVariable("PATH")}";
        return ToolProcess.Run([KeyValuePair.Create("PATH", search)], ["record", .. arguments]);
    }
}
