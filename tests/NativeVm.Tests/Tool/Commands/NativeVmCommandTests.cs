using System.Text.Json;
using NativeVm.Tests.Support;
using NativeVm.Tool.Commands;

namespace NativeVm.Tests.Tool.Commands;

public sealed class NativeVmCommandTests : IDisposable
{
    private static readonly string GccTrace = Path.Combine(AppContext.BaseDirectory, "traces", "gcc.strace.gz");
    private readonly string _folder = Directory.CreateTempSubdirectory("nativevm").FullName;

    [Theory]
    [InlineData("")]
    [InlineData("frobnicate")]
    [InlineData("replay")]
    [InlineData("replay missing.strace")]
    [InlineData("replay .")]
    [InlineData("replay a b")]
    [InlineData("replay TRACE --allocator mimalloc")]
    [InlineData("replay TRACE missing.strace")]
    [InlineData("map")]
    [InlineData("map missing")]
    [InlineData("map 2147483647")]
    [InlineData("map self --at noon")]
    [InlineData("map self --interval 0")]
    [InlineData("map self --interval x")]
    [InlineData("map TRACE --watch")]
    [InlineData("record")]
    [InlineData("record --")]
    [InlineData("replay TRACE --rounds 0")]
    [InlineData("replay TRACE --rounds many")]
    [InlineData("replay TRACE --frob")]
    [InlineData("profile --sizes 0")]
    [InlineData("profile --sizes 4Q")]
    [InlineData("profile --sizes 2G")]
    [InlineData("profile --seconds 0")]
    [InlineData("profile --seconds NaN")]
    [InlineData("profile --workload frob")]
    [InlineData("profile --allocators frob")]
    [InlineData("profile --live 0")]
    [InlineData("profile --live many")]
    [InlineData("profile --threads 0")]
    [InlineData("profile --threshold much")]
    [InlineData("profile --threshold -1")]
    [InlineData("profile --workload trace")]
    [InlineData("profile --workload block-pair --sizes 1G")]
    [InlineData("profile --trace missing.malloc")]
    [InlineData("profile --trace TRACE")]
    [InlineData("profile --compare missing.json")]
    [InlineData("profile --compare TRACE")]
    [InlineData("profile --allocators x=./missing.so")]
    [InlineData("profile --allocators x=TRACE")]
    [InlineData("limits --frob")]
    public async Task Unusable_command_lines_are_one_line_and_exit_code_2(string commandLine)
    {
        (int exitCode, string output, string error) = await RunAsync(commandLine);
        Assert.Equal(ExitCode.BadInput, exitCode);
        Assert.Empty(output);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        Assert.StartsWith("nativevm: ", error, StringComparison.Ordinal);
        Assert.Equal(error.Length - 1, error.IndexOf('\n', StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("hello\n", "no memory call")]
    [InlineData("\0\0\0\0", "binary")]
    [InlineData("1 munmap(0x1000, 4096) = 0\n", "nothing to replay")]
    public async Task Unusable_traces_are_one_line_and_exit_code_2(string text, string expected)
    {
        string path = Path.Combine(_folder, "it.strace");
        await File.WriteAllTextAsync(path, text);
        (int exitCode, string output, string error) = await RunAsync("replay", path);
        Assert.Equal(ExitCode.BadInput, exitCode);
        Assert.Empty(output);
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.Equal(error.Length - 1, error.IndexOf('\n', StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_report_that_cannot_be_written_is_exit_code_1_before_any_work()
    {
        (int exitCode, string output, string error) =
            await RunAsync("replay", GccTrace, "--json", Path.Combine(_folder, "missing", "x.json"));
        Assert.Equal(ExitCode.Failure, exitCode);
        Assert.Empty(output);
        Assert.Contains("cannot be written", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help", "replay <TRACE>", "Exit codes:")]
    [InlineData("replay --help", "nativevm replay <TRACE>", "Examples:")]
    [InlineData("record --help", "nativevm record <COMMAND>", "strace")]
    [InlineData("map --help", "nativevm map <WHAT>", "--watch")]
    [InlineData("profile --help", "--allocators", "page-touch")]
    [InlineData("limits --help", "nativevm limits [options]", "Examples:")]
    public async Task Help_names_the_command_and_shows_examples(string commandLine, string first, string second)
    {
        using TestConsole console = new(width: 80);
        using StringWriter help = new();
        Assert.Equal(0, await NativeVmCommand.RunAsync(commandLine.Split(' '), console.Tool, help));
        Assert.Contains(first, help.ToString(), StringComparison.Ordinal);
        Assert.Contains(second, help.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_replay_prints_both_sides_and_writes_them_as_JSON()
    {
        string json = Path.Combine(_folder, "out.json");
        (int exitCode, string output, string error) = await RunAsync("replay", GccTrace, "--rounds", "1", "--json", json);
        Assert.Equal((0, string.Empty), (exitCode, error));
        Assert.Contains("NativeVm at its fullest", output, StringComparison.Ordinal);
        Assert.Contains("each cell", output, StringComparison.Ordinal);
        Assert.All(output.Split('\n'), line => Assert.InRange(line.Length, 0, 80));

        using JsonDocument document = JsonDocument.Parse(await File.ReadAllBytesAsync(json));
        JsonElement replay = document.RootElement.GetProperty("replays")[0];
        JsonElement[] results = [.. replay.GetProperty("results").EnumerateArray()];
        Assert.Equal("NativeVm", results[0].GetProperty("target").GetString());
        Assert.Equal(2, results.Length);
        Assert.All(results, result => Assert.Equal(0, result.GetProperty("refused").GetInt64()));
        Assert.All(results, result => Assert.Equal(422, result.GetProperty("calls").GetInt64()));
        Assert.Equal(117, replay.GetProperty("trace").GetProperty("leftOut").GetProperty("break").GetInt64());
    }

    [Fact]
    public async Task A_profile_prints_every_allocator_and_writes_the_agreed_JSON()
    {
        string json = Path.Combine(_folder, "out.json");
        (int exitCode, string output, string error) =
            await RunAsync("profile", "--workload", "page-touch", "--seconds", "0.2", "--sizes", "64K", "--json", json,
                "--allocator", "NativeVm", "--allocators", "system,NativeMemory");
        Assert.Equal((0, string.Empty), (exitCode, error));
        Assert.Contains("page-touch 64 KiB", output, StringComparison.Ordinal);

        using JsonDocument document = JsonDocument.Parse(await File.ReadAllBytesAsync(json));
        Assert.True(document.RootElement.TryGetProperty("machine", out _));
        JsonElement[] rows = [.. document.RootElement.GetProperty("results").EnumerateArray()];
        Assert.Equal(3, rows.Length);
        Assert.Equal(
            ["NativeVm", "system", "NativeMemory"],
            rows.Select(row => row.GetProperty("allocator").GetString()));
        Assert.All(rows, row =>
        {
            Assert.Equal(("page-touch", "ns"), (row.GetProperty("workload").GetString(), row.GetProperty("unit").GetString()));
            Assert.InRange(row.GetProperty("min").GetDouble(), 0.001, row.GetProperty("median").GetDouble());
            Assert.InRange(row.GetProperty("p99").GetDouble(), row.GetProperty("median").GetDouble(), double.MaxValue);
            Assert.InRange(row.GetProperty("operations").GetInt64(), 1, long.MaxValue);
            Assert.Equal(JsonValueKind.Null, row.GetProperty("bytesPerEntry").ValueKind);
            Assert.True(row.GetProperty("parameters").GetProperty("bytes").GetInt64() == 65536);
        });
    }

    // Under Wine a run this short may end without a figure to compare.
    [CapabilityFact(Needs.Posix)]
    public async Task A_profile_is_compared_with_an_older_one_and_a_regression_is_exit_code_1()
    {
        string json = Path.Combine(_folder, "old.json");
        string[] arguments = ["profile", "--workload", "map-lookup", "--live", "100", "--seconds", "1", "--allocators", "NativeVm"];
        Assert.Equal(0, (await RunAsync([.. arguments, "--json", json])).ExitCode);
        string text = await File.ReadAllTextAsync(json);
        (int exitCode, string output, _) = await RunAsync([.. arguments, "--compare", json, "--threshold", "100000%"]);
        Assert.Equal(0, exitCode);
        Assert.Contains("1 figure compared", output, StringComparison.Ordinal);

        // The old figures were a thousand times better.
        await File.WriteAllTextAsync(json, System.Text.RegularExpressions.Regex.Replace(
            text, "\"(median|medianLow|medianHigh)\": [0-9.]+", "\"$1\": 0.001"));
        (exitCode, output, _) = await RunAsync([.. arguments, "--compare", json]);
        Assert.Equal(ExitCode.Failure, exitCode);
        Assert.Matches(@"1\s+of\s+them\s+by\s+more\s+than\s+10.0\s+%", output);
    }

    [Fact]
    public async Task Limits_are_printed_within_the_width_and_written_as_JSON()
    {
        string json = Path.Combine(_folder, "limits.json");
        (int exitCode, string output, string error) = await RunAsync("limits", "--no-measure", "--json", json);
        Assert.Equal((0, string.Empty), (exitCode, error));
        Assert.Contains("granularity", output, StringComparison.Ordinal);
        using JsonDocument document = JsonDocument.Parse(await File.ReadAllBytesAsync(json));
        Assert.NotEmpty(document.RootElement.GetProperty("limits").EnumerateArray());
        Assert.Empty(document.RootElement.GetProperty("costs").EnumerateArray());
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static Task<(int ExitCode, string Output, string Error)> RunAsync(string commandLine) =>
        RunAsync(commandLine.Replace("TRACE", GccTrace, StringComparison.Ordinal).Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using TestConsole console = new(width: 80);
        int exitCode = await NativeVmCommand.RunAsync(arguments, console.Tool, TextWriter.Null);
        return (exitCode, string.Join('\n', console.Lines).Trim(), console.Error);
    }
}
