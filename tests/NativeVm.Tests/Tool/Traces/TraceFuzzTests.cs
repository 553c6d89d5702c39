using System.IO.Compression;
using NativeVm.Tests.Tool.Replay;
using NativeVm.Tests.Tool.Replay.Heaps;
using NativeVm.Tool.Commands;
using NativeVm.Tool.Replay;
using NativeVm.Tool.Replay.Heaps;
using NativeVm.Tool.Replay.Script;
using NativeVm.Tool.Spaces;
using NativeVm.Tool.Traces;

namespace NativeVm.Tests.Tool.Traces;

/// <summary>
/// Mutations of pieces of real traces: whatever comes, a reader answers with a trace whose lines are all accounted
/// for, or with one line for people; and what it answers with can be replayed.
/// </summary>
public class TraceFuzzTests(BadInputClosingLine tally) : IClassFixture<BadInputClosingLine>
{
    private const int MutationCount = 100;
    private const int ReplayEvery = 20;

    private static readonly string[] Hostile =
    [
        "9223372036854775808", "18446744073709551615", "-1", "0", "0x8000000000000000", "ffffffffffffffff", "4096",
        "0xfffffffffffff000", "0x1000", "PROT_NONE", "MAP_ANONYMOUS", "<unfinished ...>", "<... mmap resumed>", " = ", "(", ")",
        "\0", "\r\n", "\n", "+++ exited with 0 +++", "brk(NULL) = 0x1000", "NULL", "f 1000", "a 0 0", "\u00e9",
    ];

    public static TheoryData<string, int> Cases()
    {
        TheoryData<string, int> cases = [];
        foreach (string path in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "corpus")).Order(StringComparer.Ordinal))
        {
            for (int seed = 1; seed <= 3; seed++)
            {
                cases.Add(Path.GetFileName(path), seed);
            }
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_mutated_trace_is_read_or_refused_in_a_line(string name, int seed)
    {
        Random random = new(seed);
        byte[] original = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "corpus", name));
        for (int i = 0; i < MutationCount; i++)
        {
            byte[] mutated = Mutate(original, random);
            Check(mutated, isReplayed: i % ReplayEvery == 0);
            if (i % ReplayEvery == 0)
            {
                Check(Mutate(Compress(mutated), random));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_trace_that_ends_anywhere_is_read_or_refused_in_a_line(string name, int seed)
    {
        byte[] compressed = Compress(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "corpus", name)));
        for (int length = seed; length < compressed.Length; length += 17)
        {
            Check(compressed[..length]);
        }
    }

    [Fact]
    public void Processes_without_end_are_refused_in_a_line()
    {
        using MemoryStream stream = new();
        using (StreamWriter writer = new(stream, leaveOpen: true))
        {
            for (int i = 1; i <= 300_000; i++)
            {
                writer.Write($"{i} brk(NULL) = 0x{i:x}000\n");
            }
        }

        stream.Position = 0;
        Trace trace = TraceFile.Read(stream, "it");
        ToolException e = Assert.Throws<ToolException>(() => ScriptBuilder.Build(trace, 4096));
        Assert.Equal(ExitCode.BadInput, e.ExitCode);
        Assert.Contains("processes", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Calls_that_never_end_take_no_memory_without_end()
    {
        using MemoryStream stream = new();
        using (StreamWriter writer = new(stream, leaveOpen: true))
        {
            writer.Write("1 brk(NULL) = 0x1000\n");
            for (int i = 1; i <= 100_000; i++)
            {
                writer.Write($"{i} mmap(NULL, 4096, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0 <unfinished ...>\n");
            }
        }

        stream.Position = 0;
        Assert.Equal(100_000, TraceFile.Read(stream, "it").Tally[SkipReason.Unfinished]);
    }

    private void Check(byte[] bytes, bool isReplayed = false)
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, bytes);
            AnyTrace trace = AnyTrace.Read(path);
            Assert.InRange(trace.Tally.SkippedCount, 0, trace.Tally.LineCount * 2);
            ReplaySubject subject = ReplaySubject.Prepare(trace);
            Assert.NotEmpty(subject.Describe());
            if (!isReplayed)
            {
                return;
            }

            if (trace.Heap is { } heap)
            {
                ReplayRun run = HeapReplayEngine.Run(heap, "fake", () => new FakeHeap { LargestByteCount = 1 << 20 }, TestReplay.Options);
                Assert.InRange(run.RefusedCount, 0, run.CallCount);
            }
            else if (subject.Script!.PeakMappedByteCount < 1 << 28)
            {
                FakeTarget target = new();
                ReplayEngine.Run(subject.Script, () => target, TestReplay.Options);
                Assert.Empty(target.Pages);
                Assert.NotNull(new TracedProcess(trace.Memory!, TraceMoment.Peak).TryRead());
                Assert.NotNull(new TracedProcess(trace.Memory!, TraceMoment.End).TryRead());
            }
        }
        catch (ToolException e)
        {
            Assert.Equal(ExitCode.BadInput, e.ExitCode);
            Assert.DoesNotContain('\n', e.Message);
        }
        finally
        {
            File.Delete(path);
        }

        tally.Count();
    }

    private static byte[] Mutate(byte[] bytes, Random random)
    {
        List<byte> mutated = [.. bytes];
        for (int i = random.Next(1, 8); i > 0 && mutated.Count != 0; i--)
        {
            int at = random.Next(mutated.Count);
            int length = Math.Min(random.Next(1, 40), mutated.Count - at);
            switch (random.Next(6))
            {
                case 0:
                    mutated[at] = (byte)random.Next(256);
                    break;
                case 1:
                    mutated.RemoveRange(at, length);
                    break;
                case 2:
                    mutated.InsertRange(random.Next(mutated.Count), mutated.GetRange(at, length));
                    break;
                case 3:
                    mutated.InsertRange(at, System.Text.Encoding.UTF8.GetBytes(Hostile[random.Next(Hostile.Length)]));
                    break;
                case 4:
                    mutated.RemoveRange(at, length);
                    mutated.InsertRange(at, System.Text.Encoding.UTF8.GetBytes(Hostile[random.Next(Hostile.Length)]));
                    break;
                default:
                    mutated.RemoveRange(at, mutated.Count - at);
                    break;
            }
        }

        return [.. mutated];
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
