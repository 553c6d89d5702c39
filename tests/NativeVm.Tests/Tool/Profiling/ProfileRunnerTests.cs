using System.Diagnostics;
using NativeVm.Tool.Profiling;
using NativeVm.Tool.Profiling.Hosts;

namespace NativeVm.Tests.Tool.Profiling;

public class ProfileRunnerTests
{
    [Fact]
    public void Every_lane_is_measured_by_its_own_clock_and_disposed_of()
    {
        FakeLane fast = new(nanosecondsPerOperation: 50);
        FakeLane slow = new(nanosecondsPerOperation: 1_000_000);
        ProfileOutcome outcome =
            ProfileRunner.Run(Case(fast, slow), TimeSpan.FromMilliseconds(50), progress: null, CancellationToken.None);
        IReadOnlyList<ProfileResult> results = outcome.Results;
        Assert.Empty(outcome.Failures);

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
        FakeLane lane = new(1000);
        ProfileCase one = Case(lane) with
        {
            Lanes =
            [
                new LaneSource("a", () =>
                {
                    source.Cancel();
                    return lane;
                }),
                new LaneSource("b", () => throw new InvalidOperationException()),
            ],
        };
        Assert.Empty(ProfileRunner.Run(one, TimeSpan.FromSeconds(10), progress: null, source.Token).Results);
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

    [Fact]
    public void A_case_whose_medians_are_known_ends_before_its_time()
    {
        ProfileOutcome outcome = ProfileRunner.Run(
            Case(new FakeLane(1000)), TimeSpan.FromMinutes(10), progress: null, CancellationToken.None);
        Assert.Equal(1000, outcome.Results[0].Times.Median, 1);
        Assert.Equal(0, outcome.Results[0].Bounds.RelativeHalfWidth, 3);
    }

    [Fact]
    public void A_lane_that_is_lost_leaves_the_others_their_results()
    {
        ProfileCase one = Case(new FakeLane(1000), new FakeLane(2000), new FakeLane(3000));
        ProfileOutcome outcome = ProfileRunner.Run(
            one, TimeSpan.FromMilliseconds(50), null, CancellationToken.None, (_, source) => source.Allocator switch
            {
                "lane 0" => throw new LaneLostException("did not start"),
                "lane 1" => new LosingHost(new LocalLaneHost(source), runs: 2),
                _ => new LocalLaneHost(source),
            });
        Assert.Equal(["lane 2"], outcome.Results.Select(result => result.Allocator));
        Assert.Equal(
            ["lane 0 at fake title: did not start", "lane 1 at fake title: ran away"], outcome.Failures);
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

    private sealed class LosingHost(LocalLaneHost host, int runs) : ILaneHost
    {
        private int _left = runs;

        public double? BytesPerEntry => host.BytesPerEntry;

        public bool IsTimedSingly => host.IsTimedSingly;

        public long BatchSize => host.BatchSize;

        public void WaitUntilReady() => host.WaitUntilReady();

        public void WarmUp() => host.WarmUp();

        public LaneSlice Run(TimeSpan length) => _left-- > 0 ? host.Run(length) : throw new LaneLostException("ran away");

        public void Dispose() => host.Dispose();
    }
}
