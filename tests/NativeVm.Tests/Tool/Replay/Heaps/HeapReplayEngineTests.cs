using NativeVm.Platform;
using NativeVm.Tool.Replay;
using NativeVm.Tool.Replay.Heaps;
using NativeVm.Tool.Replay.Lanes;
using NativeVm.Tool.Traces;
using NativeVm.Tool.Traces.Malloc;

namespace NativeVm.Tests.Tool.Replay.Heaps;

public class HeapReplayEngineTests
{
    private static readonly ReplayOptions Untouched = new()
    {
        PageSize = 4096,
        QueryMemory = () => new ProcessMemory(1000, 2000, 3, 4),
        IsTouching = false,
    };

    [Fact]
    public void A_heap_is_asked_for_what_the_trace_asked_and_for_everything_back()
    {
        FakeHeap heap = new();
        ReplayRun run = HeapReplayEngine.Run(
            Trace("a 1000 10", "m 2000 20 40", "r 1000 3000 50", "r 2000 4000 30", "f 3000", "a 5000 0"),
            "fake",
            () => heap,
            Untouched);
        Assert.Equal(
            "allocate 16, allocate 32 at 64, resize 0 80, allocate 48, free 1 aligned, free 0, allocate 1 | free 3, free 2",
            Join(heap, 2));
        Assert.Equal((8, 0, null), (run.CallCount, run.RefusedCount, run.FirstRefusal));
        Assert.True(heap.IsDisposed);
    }

    [Fact]
    public void A_refused_block_is_counted_and_nothing_is_asked_of_it()
    {
        FakeHeap heap = new() { LargestByteCount = 100 };
        ReplayRun run = HeapReplayEngine.Run(
            Trace("a 1000 200", "r 1000 2000 20", "f 2000", "a 3000 50", "r 3000 3000 300", "f 3000"), "fake", () => heap, Untouched);
        Assert.Equal("allocate 512, allocate 80, resize 0 768, free 0", Join(heap, 0));
        Assert.Equal(2, run.RefusedCount);
        Assert.NotNull(run.FirstRefusal);
    }

    [Fact]
    public void What_is_live_is_told_at_every_sample()
    {
        List<string> lines = [];
        for (int i = 1; i <= 100; i++)
        {
            lines.Add($"a {i * 0x1000:x} 400");
        }

        for (int i = 1; i <= 50; i++)
        {
            lines.Add($"f {i * 0x1000:x}");
        }

        ReplayRun run = HeapReplayEngine.Run(Trace([.. lines]), "fake", () => new FakeHeap(), Untouched);
        Assert.Equal(100u * 0x400u, run.Samples[run.FullestSample].LiveByteCount);
        Assert.Equal(50u * 0x400u, run.Samples[^1].LiveByteCount);
        Assert.All(run.Samples, sample =>
            Assert.Equal((nuint)(0x400 * (sample.StepCount <= 100 ? sample.StepCount : 200 - sample.StepCount)), sample.LiveByteCount));
        Assert.NotEmpty(run.FullestPicture);
        Assert.NotEmpty(run.Rectangles);
        Assert.Equal(100u * 0x400u, run.FullestPicture.Sum(one => Math.Round(one.ByteCount * one.Share)), 0.07 * 100 * 0x400);
    }

    /// <summary>Real heaps, with every page written: an address handed out twice or not at all would end the process.</summary>
    [Theory]
    [InlineData(ReplayLane.Ours)]
    [InlineData(HeapReplay.SystemHeap)]
    public void Real_heaps_replay_random_traces(string name)
    {
        ReplayRun run = HeapReplay.Run(RandomTrace(20_000), new ReplayLane(name, IsTouching: true), CancellationToken.None);
        Assert.Equal((name, 0L), (run.TargetName, run.RefusedCount));
        Assert.InRange(run.Samples.Count, 60, 70);
    }

    [Fact]
    public void An_unknown_library_is_bad_input()
    {
        Assert.Throws<NativeVm.Tool.Commands.ToolException>(() =>
            HeapReplay.Run(Trace("a 1000 10"), new ReplayLane("no-such-library", true), CancellationToken.None));
        Assert.Throws<NativeVm.Tool.Commands.ToolException>(() => HeapReplay.Resolve("mine=/no/such/file.so"));
        Assert.Null(HeapReplay.Resolve("SYSTEM"));
        Assert.Equal(HeapReplay.SystemHeap, HeapReplay.Resolve("nativememory"));
        Assert.Equal("mimalloc", HeapReplay.Resolve("mimalloc"));
    }

    private static MallocTrace Trace(params string[] lines)
    {
        LineTally tally = new();
        MallocTraceBuilder builder = new("test", tally);
        foreach (string text in lines)
        {
            Assert.True(MallocLine.TryParse(System.Text.Encoding.ASCII.GetBytes(text), out MallocLine line));
            builder.Add(line);
        }

        return builder.Build(isCutOff: false);
    }

    private static MallocTrace RandomTrace(int count)
    {
        Random random = new(3);
        List<string> lines = [];
        for (int i = 0; i < count; i++)
        {
            int pointer = random.Next(1, 500) << 4;
            lines.Add(random.Next(5) switch
            {
                0 or 1 => $"a {pointer:x} {random.Next(1 << random.Next(1, 17)):x}",
                2 => $"m {pointer:x} {random.Next(5000):x} {1 << random.Next(13):x}",
                3 => $"r {pointer:x} {random.Next(1, 500) << 4:x} {random.Next(1, 9000):x}",
                _ => $"f {pointer:x}",
            });
        }

        return Trace([.. lines]);
    }

    private static string Join(FakeHeap heap, int removal) => removal == 0
        ? string.Join(", ", heap.Requests)
        : $"{string.Join(", ", heap.Requests.SkipLast(removal))} | {string.Join(", ", heap.Requests.TakeLast(removal))}";
}
