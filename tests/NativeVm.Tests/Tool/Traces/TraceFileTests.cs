using System.IO.Compression;
using System.Text;
using NativeVm.Tool.Commands;
using NativeVm.Tool.Replay.Script;
using NativeVm.Tool.Traces;

namespace NativeVm.Tests.Tool.Traces;

public class TraceFileTests
{
    private const string Lines = "1 brk(NULL) = 0x1000\n1 munmap(0x2000, 4096) = 0\n";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Plain_text_and_gzip_read_the_same(bool isCompressed)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(Lines);
        using MemoryStream stream = new(isCompressed ? Compress(bytes) : bytes);
        Trace trace = TraceFile.Read(stream, "it");
        Assert.Equal(2, trace.Calls.Count);
        Assert.False(trace.IsCutOff);
    }

    [Fact]
    public void A_trace_that_is_cut_off_is_used_up_to_its_last_whole_line()
    {
        byte[] bytes = Encoding.ASCII.GetBytes(Lines + "1 munmap(0x2000, 4096) = 0");
        using MemoryStream stream = new(bytes);
        Trace trace = TraceFile.Read(stream, "it");
        Assert.Equal(2, trace.Calls.Count);
        Assert.True(trace.IsCutOff);
    }

    [Fact]
    public void Gzip_that_is_cut_off_is_used_as_far_as_it_goes()
    {
        byte[] text = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(1, 5000).Select(i => $"{i} munmap(0x{i * 7919 % 100_000:x}000, {i * 4096}) = 0\n")));
        byte[] compressed = Compress(text);
        using MemoryStream stream = new(compressed, 0, compressed.Length / 2);
        Trace trace = TraceFile.Read(stream, "it");
        Assert.InRange(trace.Calls.Count, 100, 4900);
        Assert.True(trace.IsCutOff);
    }

    [Theory]
    [InlineData(new byte[0], "empty")]
    [InlineData(new byte[] { 1, 2, 0, 3 }, "binary")]
    [InlineData(new byte[] { 0x1f, 0x8b, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9 }, "damaged")]
    [InlineData(new byte[] { (byte)'h', (byte)'i', (byte)'\n' }, "no memory call")]
    public void What_is_no_trace_is_bad_input_and_the_message_says_why(byte[] bytes, string expected)
    {
        using MemoryStream stream = new(bytes);
        ToolException e = Assert.Throws<ToolException>(() => TraceFile.Read(stream, "it"));
        Assert.Equal(ExitCode.BadInput, e.ExitCode);
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }

    [Theory]
    [InlineData("gcc", 429, 211, 3)]
    [InlineData("dotnet", 1974, 45, 1)]
    [InlineData("py", 4174, 1405, 39)]
    public void The_traces_of_the_repository_are_read_to_the_last_line(string name, int lines, int mappings, int spaces)
    {
        Trace trace = TraceFile.Read(Path.Combine(AppContext.BaseDirectory, "traces", $"{name}.strace.gz"));
        ReplayScript script = ScriptBuilder.Build(trace, 4096);
        Assert.Equal(lines, trace.Tally.LineCount);
        Assert.Equal(0, trace.Tally[SkipReason.Unparsable] + trace.Tally[SkipReason.ImpossibleRange]);
        Assert.Equal(mappings, script.Count(ReplayStepKind.Map));
        Assert.Equal(spaces, script.AddressSpaceCount);
    }

    private static byte[] Compress(byte[] bytes)
    {
        using MemoryStream compressed = new();
        using (GZipStream gzip = new(compressed, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }

        return compressed.ToArray();
    }
}
