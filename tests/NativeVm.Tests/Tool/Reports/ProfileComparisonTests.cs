using NativeVm.Tool.Commands;
using NativeVm.Tool.Reports;

namespace NativeVm.Tests.Tool.Reports;

public sealed class ProfileComparisonTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("nativevm").FullName;

    [Theory]
    [InlineData(100, 100, false, false)]
    [InlineData(100, 104, false, false)] // The bounds overlap.
    [InlineData(1000, 1020, false, false)] // Too little to tell of, however narrow the bounds.
    [InlineData(100, 109, true, false)] // Beyond the noise, within the threshold.
    [InlineData(100, 112, true, true)]
    [InlineData(100, 80, true, false)] // Better.
    public void A_median_changes_when_the_bounds_do_not_overlap(double old, double now, bool isBeyondNoise, bool isRegression)
    {
        ProfileComparison comparison = ProfileComparison.Of(Document(Row(old, old - 3, old + 3)), Document(Row(now, now - 3, now + 3)), 0.1);
        ProfileChange change = Assert.Single(comparison.Changes);
        Assert.Equal((isBeyondNoise, isRegression), (change.IsBeyondNoise, comparison.Regressions.Any()));
        Assert.Equal((now - old) / old, change.Change, 6);
    }

    [Fact]
    public void Memory_is_compared_too()
    {
        ProfileRow row = Row(100, 99, 101);
        ProfileComparison comparison = ProfileComparison.Of(
            Document(row with { ResidentPeak = 100 << 20 }), Document(row with { ResidentPeak = 150 << 20 }), 0.1);
        Assert.True(Assert.Single(comparison.Regressions).IsMemory);
        comparison = ProfileComparison.Of(
            Document(row with { ResidentPeak = 1 << 20 }), Document(row with { ResidentPeak = 2 << 20 }), 0.1);
        Assert.Empty(comparison.Regressions);
    }

    [Fact]
    public void Rows_are_matched_by_parameters_and_the_rest_is_counted()
    {
        ProfileRow other = Row(5, 5, 5) with { Parameters = new Dictionary<string, long> { ["bytes"] = 9 } };
        ProfileComparison comparison = ProfileComparison.Of(
            Document(Row(100, 99, 101), other), Document(Row(100, 99, 101) with { Title = "renamed" }, other with { Allocator = "new" }), 0.1);
        Assert.Equal((1, 1, 1), (comparison.Changes.Count, comparison.MissingCount, comparison.AddedCount));
        Assert.Null(comparison.OldMachine);
    }

    [Fact]
    public void The_report_tells_of_a_regression_and_of_another_machine()
    {
        ProfileDocument old = Document(Row(100, 99, 101));
        ProfileComparison comparison = ProfileComparison.Of(
            old with { Machine = old.Machine with { Processor = "Another" } }, Document(Row(200, 198, 202)), 0.1);
        using TestConsole console = new(width: 80);
        Assert.True(ComparisonReport.Write(console.Out, comparison));
        Assert.Contains(console.Lines, line => line.Contains("+100.0 %", StringComparison.Ordinal));
        Assert.Contains(console.Lines, line => line.Contains("another machine", StringComparison.Ordinal));
        Assert.All(console.Lines, line => Assert.InRange(line.Length, 0, 80));
    }

    [Fact]
    public void A_document_is_read_as_it_was_written()
    {
        string path = Path.Combine(_folder, "x.json");
        ProfileDocument document = Document(Row(100, 99, 101), Row(7, 6, 8) with { ResidentPeak = 12, Allocator = "b" });
        using (FileStream stream = File.Create(path))
        {
            document.Write(stream);
        }

        ProfileDocument read = ProfileDocument.Read(path);
        Assert.Equal(document.Machine, read.Machine);
        Assert.Equal(
            document.Results.Select(row => (row.Allocator, row.Median, row.MedianLow, row.ResidentPeak, row.Parameters["bytes"])),
            read.Results.Select(row => (row.Allocator, row.Median, row.MedianLow, row.ResidentPeak, row.Parameters["bytes"])));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"machine\":null,\"results\":[]}")]
    [InlineData("{\"trace\":1}")]
    [InlineData("{\"machine\":{},\"results\":[null]}")]
    [InlineData("\0\u0001\u0002")]
    public void What_is_no_profile_is_bad_input_in_a_line(string text)
    {
        string path = Path.Combine(_folder, "bad.json");
        File.WriteAllText(path, text);
        ToolException e = Assert.Throws<ToolException>(() => ProfileDocument.Read(path));
        Assert.Equal(ExitCode.BadInput, e.ExitCode);
        Assert.DoesNotContain('\n', e.Message);
    }

    [Fact]
    public void A_file_that_is_none_is_bad_input()
    {
        Assert.Equal(ExitCode.BadInput, Assert.Throws<ToolException>(() => ProfileDocument.Read(_folder)).ExitCode);
        Assert.Equal(
            ExitCode.BadInput, Assert.Throws<ToolException>(() => ProfileDocument.Read(Path.Combine(_folder, "missing"))).ExitCode);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static ProfileDocument Document(params ProfileRow[] rows) => new(
        new MachineInfo
        {
            Os = "os",
            Architecture = "x64",
            Processor = "processor",
            ProcessorCount = 2,
            MemoryByteCount = 1,
            Framework = "f",
            Platform = "p",
            PageSize = 4096,
            HugePageSize = 0,
            Time = DateTimeOffset.UnixEpoch,
        },
        rows);

    private static ProfileRow Row(double median, double low, double high) => new()
    {
        Workload = "w",
        Title = "t",
        Allocator = "a",
        Parameters = new Dictionary<string, long> { ["bytes"] = 1 },
        Median = median,
        MedianLow = low,
        MedianHigh = high,
        Min = median,
        P99 = median,
        Operations = 1,
        Batches = 1,
        BytesPerEntry = null,
        Distribution = null,
    };
}
