using System.Text.Json;
using NativeVm.Platform;
using NativeVm.Tests.Support;
using NativeVm.Tool.Commands;
using NativeVm.Tool.Drawing;
using NativeVm.Tool.Replay;
using NativeVm.Tool.Replay.Lanes;

namespace NativeVm.Tests.Tool.Replay.Lanes;

public class LaneRoundsTests
{
    private static readonly string GccTrace = Path.Combine(AppContext.BaseDirectory, "traces", "gcc.strace.gz");

    [Fact]
    public void Lanes_run_by_turns_and_the_run_of_median_time_is_taken()
    {
        List<string> order = [];
        int[] times = [5, 1, 9, 2, 7, 3];
        (IReadOnlyList<ReplayRun> runs, IReadOnlyList<ToolException> failures) = LaneRounds.Run(
            [new ReplayLane("a", true), new ReplayLane("b", true)],
            roundCount: 3,
            lane =>
            {
                order.Add(lane.Allocator);
                return Made(lane.Allocator, times[order.Count - 1]);
            },
            CancellationToken.None);
        Assert.Equal("a b b a a b", string.Join(' ', order));
        Assert.Empty(failures);
        Assert.Equal([("a", 5), ("b", 3)], runs.Select(run => (run.TargetName, run.Time.Seconds)));
    }

    [Fact]
    public void A_lane_that_fails_is_not_tried_again_and_the_others_go_on()
    {
        List<string> order = [];
        (IReadOnlyList<ReplayRun> runs, IReadOnlyList<ToolException> failures) = LaneRounds.Run(
            [new ReplayLane("a", true), new ReplayLane("b", true)],
            roundCount: 2,
            lane =>
            {
                order.Add(lane.Allocator);
                return lane.Allocator == "a" ? throw ToolException.Failure("a: broken") : Made("b", order.Count);
            },
            CancellationToken.None);
        Assert.Equal("a b b", string.Join(' ', order));
        Assert.Equal("b", Assert.Single(runs).TargetName);
        Assert.Equal("a: broken", Assert.Single(failures).Message);
    }

    [Fact]
    public void A_run_is_told_to_another_process_whole()
    {
        ReplayRun run = Made("a", 1) with
        {
            FirstRefusal = "none",
            FullestLayout = [new PlacedRange(4096, 8192, PageProtection.ReadWrite)],
            FullestPicture = [new PictureRun(4096, 8192, CellKind.ReadWrite, 0.5)],
            FullestSample = 0,
            Samples = [new ReplaySample(3, new ProcessMemory(1, 2, 3, 4)) { LiveByteCount = 5, MappedByteCount = 6, Fragmentation = 0.25 }],
            Rectangles = [1, 2, 3, ulong.MaxValue, 5, 6],
        };
        string text = JsonSerializer.Serialize(run, LaneJsonContext.Default.ReplayRun);
        ReplayRun read = JsonSerializer.Deserialize(text, LaneJsonContext.Default.ReplayRun)!;
        Assert.Equal(text, JsonSerializer.Serialize(read, LaneJsonContext.Default.ReplayRun));
        Assert.Equal(
            (run.TargetName, run.Time, run.Start, run.FirstRefusal, run.Samples[0], run.FullestLayout[0], run.FullestPicture[0]),
            (read.TargetName, read.Time, read.Start, read.FirstRefusal, read.Samples[0], read.FullestLayout[0], read.FullestPicture[0]));
        Assert.Equal(run.Rectangles, read.Rectangles);
    }

    [CapabilityFact(Needs.ChildProcesses)]
    public void A_process_of_its_own_replays_a_trace_and_tells_what_lay_where()
    {
        ReplayRun run = LaneProcess.Run(GccTrace, new ReplayLane(ReplayLane.Ours, IsTouching: true), CancellationToken.None);
        Assert.Equal(("NativeVm", 422, 0), (run.TargetName, run.CallCount, run.RefusedCount));
        LayoutFigures fullest = LayoutFigures.Of(run.FullestLayout);
        Assert.Equal(fullest.AccessibleByteCount, run.Samples[run.FullestSample].LiveByteCount);
        Assert.Equal(fullest.AccessibleByteCount, run.Samples.Max(sample => sample.LiveByteCount));
        Assert.Equal(0, run.Rectangles.Count % 6);
        Assert.All(Enumerable.Range(0, run.Rectangles.Count / 6), i =>
            Assert.InRange(run.Rectangles[(i * 6) + 5], run.Rectangles[(i * 6) + 4], (ulong)run.Samples.Count - 1));
    }

    [CapabilityFact(Needs.ChildProcesses)]
    public void A_lane_that_cannot_be_made_says_why_in_a_line()
    {
        ToolException e = Assert.Throws<ToolException>(() =>
            LaneProcess.Run(GccTrace, new ReplayLane("frob", IsTouching: true), CancellationToken.None));
        Assert.Equal(ExitCode.BadInput, e.ExitCode);
        Assert.StartsWith("frob: 'frob' maps no memory", e.Message, StringComparison.Ordinal);
    }

    private static ReplayRun Made(string name, int seconds) => new()
    {
        TargetName = name,
        CallCount = 1,
        RefusedCount = 0,
        FirstRefusal = null,
        CallTime = TimeSpan.FromSeconds(seconds),
        TouchTime = TimeSpan.Zero,
        SystemCallCount = 1,
        Start = new ProcessMemory(1, 2, 3, 4),
        Fullest = default,
        End = default,
        Samples = [],
    };
}
