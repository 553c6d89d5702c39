using System.Diagnostics;
using NativeVm.Tool.Profiling;

namespace NativeVm.Tests.Tool.Profiling;

public class ProfileRunnerTests
{
    [Fact]
    public void Every_lane_is_measured_by_its_own_clock_and_disposed_of()
    {
        FakeLane fast = new(nanosecondsPerOperation: 50);
        FakeLane slow = new(nanosecondsPerOperation: 1_000_000);
        IReadOnlyList<ProfileResult> results =
            ProfileRunner.Run(Case(fast, slow), TimeSpan.FromMilliseconds(50), progress: null, CancellationToken.None);

        Assert.Equal(["lane 0", "lane 1"], results.Select(result => result.Allocator));
        Assert.Equal(50, results[0].Times.Median, 1);
        Assert.Equal(1_000_000, results[1].Times.Median, 1);
        Assert.Equal(1, results[1].BatchSize);
        Assert.InRange(results[0].BatchSize, 1000, 4000);
        Assert.All(results, result => Assert.Equal(result.Times.Count * result.BatchSize, result.OperationCount));
        Assert.True(fast.IsDisposed && slow.IsDisposed);
    }

    [Fact]
    public void Progress_goes_from_nothing_to_all()
    {
        List<double> shares = [];
        ProfileRunner.Run(Case(new FakeLane(1000)), TimeSpan.FromMilliseconds(50), shares.Add, CancellationToken.None);
        Assert.Equal(shares.Order(), shares);
        Assert.Equal(1, shares[^1], 2);
    }

    [Fact]
    public void A_run_that_is_cancelled_at_once_has_no_results()
    {
        using CancellationTokenSource source = new();
        source.Cancel();
        FakeLane lane = new(1000);
        Assert.Empty(ProfileRunner.Run(Case(lane), TimeSpan.FromSeconds(10), progress: null, source.Token));
        Assert.True(lane.IsDisposed);
    }

    [Fact]
    public void Lanes_that_were_made_are_disposed_of_when_another_one_cannot_be()
    {
        FakeLane lane = new(1000);
        ProfileCase broken = Case(lane) with
        {
            Lanes = [new LaneSource("a", () => lane), new LaneSource("b", () => throw new InvalidOperationException())],
        };
        Assert.Throws<InvalidOperationException>(() =>
            ProfileRunner.Run(broken, TimeSpan.FromSeconds(10), progress: null, CancellationToken.None));
        Assert.True(lane.IsDisposed);
    }

    private static ProfileCase Case(params FakeLane[] lanes) => new(
        "fake", "title", new Dictionary<string, long>(), [.. lanes.Select((lane, i) => new LaneSource($"lane {i}", () => lane))]);

    private sealed class FakeLane(double nanosecondsPerOperation) : Lane
    {
        public bool IsDisposed { get; private set; }

        public override long Run(long operationCount)
        {
            Assert.False(IsDisposed);
            return (long)(operationCount * nanosecondsPerOperation * Stopwatch.Frequency / 1e9);
        }

        public override void Dispose() => IsDisposed = true;
    }
}
