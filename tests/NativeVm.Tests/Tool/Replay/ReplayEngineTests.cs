using NativeVm.Platform;
using NativeVm.Tests.Support;
using NativeVm.Tool.Replay;
using NativeVm.Tool.Replay.Script;
using NativeVm.Tool.Replay.Targets;
using static NativeVm.Tests.Tool.Replay.TestReplay;

namespace NativeVm.Tests.Tool.Replay;

public class ReplayEngineTests
{
    [Fact]
    public void A_refused_mapping_is_counted_and_nothing_is_asked_of_its_block()
    {
        ReplayScript script = Script(MapLine(1, 0x10, 1), MapLine(1, 0x20, 2), ProtectLine(1, 0x20, 2, "PROT_READ"), UnmapLine(1, 0x20, 2), UnmapLine(1, 0x10, 1));
        FakeTarget target = new() { IsRefused = request => request.StartsWith("map 2", StringComparison.Ordinal) };
        ReplayRun run = ReplayEngine.Run(script, () => target, Options);
        Assert.Equal(["map 1 ReadWrite", "map 2 ReadWrite", "unmap 0+1 end"], target.Requests);
        Assert.Equal((3, 3), (run.CallCount, run.RefusedCount));
        Assert.Equal("refused: map 2 ReadWrite", run.FirstRefusal);
        Assert.Single(run.FullestLayout);
    }

    [Fact]
    public void Pages_are_not_touched_where_their_protection_was_refused()
    {
        // The fake's addresses stand for nothing: a touch would end the process.
        ReplayScript script = Script(MapLine(1, 0x10, 4, "PROT_NONE"), ProtectLine(1, 0x10, 4, "PROT_READ|PROT_WRITE"));
        FakeTarget target = new() { IsRefused = request => request.StartsWith("protect", StringComparison.Ordinal) };
        ReplayOptions touching = new() { PageSize = 4096, QueryMemory = Options.QueryMemory };
        Assert.Equal(1, ReplayEngine.Run(script, () => target, touching).RefusedCount);
    }

    [Fact]
    public void System_calls_of_observation_are_no_part_of_the_count()
    {
        FakeTarget? target = null;
        ReplayOptions options = new()
        {
            PageSize = 4096,
            IsTouching = false,
            QueryMemory = () =>
            {
                if (target is not null)
                {
                    target.SystemCallCount += 100;
                }

                return default;
            },
        };
        ReplayScript script = Script(MapLine(1, 0x10, 1), UnmapLine(1, 0x10, 1), MapLine(1, 0x10, 1));
        Assert.Equal(4, ReplayEngine.Run(script, () => target = new FakeTarget(), options).SystemCallCount);
    }

    [Fact]
    public void Rounds_take_the_targets_in_turn_and_then_in_reverse()
    {
        List<string> order = [];
        ReplayComparison.Run(
            Script(MapLine(1, 0x10, 1)),
            [() => Made("a"), () => Made("b")],
            roundCount: 3,
            Options,
            CancellationToken.None);
        Assert.Equal("a b b a a b", string.Join(' ', order));

        FakeTarget Made(string name)
        {
            order.Add(name);
            return new FakeTarget();
        }
    }

    [Fact]
    public void Both_real_targets_replay_every_kind_of_step_on_real_pages()
    {
        VmPlatform platform = VmPlatform.Current;
        ReplayOptions options = ReplayScenarios.RealOptions(platform);
        ReplayScript script = WarmUpScript.Create(platform.PageSize);
        Func<IReplayTarget>[] targets = [() => new VmMapTarget(platform, script.PeakMappedByteCount), SystemTarget.Create];
        ReplayComparison.WarmUp(script, targets, options, CancellationToken.None);
        foreach (ReplayRun run in ReplayComparison.Run(script, targets, 1, options, CancellationToken.None))
        {
            Assert.Equal((0L, null), (run.RefusedCount, run.FirstRefusal));
            LayoutFigures layout = LayoutFigures.Of(run.FullestLayout);
            Assert.Equal(512 * 3 * platform.PageSize, layout.MappedByteCount);
        }
    }

    [CapabilityFact(Needs.CheapReservations)]
    public void When_all_is_removed_the_resident_set_and_the_mappings_are_back() =>
        ChildProcess.Run(nameof(ReplayScenarios.ReplayAndRemove)).AssertPassed();

    [Fact]
    public void A_cancelled_comparison_says_so()
    {
        using CancellationTokenSource source = new();
        source.Cancel();
        Assert.Throws<OperationCanceledException>(() =>
            ReplayComparison.Run(Script(MapLine(1, 0x10, 1)), [() => new FakeTarget()], 1, Options, source.Token));
    }
}
