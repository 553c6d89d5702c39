using NativeVm.Platform;
using NativeVm.Testing;
using NativeVm.Tests.Support;

namespace NativeVm.Tests.Soak;

/// <summary>A mixed load on all that hands out memory, verified byte by byte.</summary>
public sealed class MixedLoadTests
{
    [Fact]
    public void A_million_steps_of_everything_lose_and_mix_up_nothing()
    {
        // Under Wine every system call goes through a server.
        long stepCount = Wine.IsHere ? 60_000 : 1_000_000;
        const int RoundCount = 12;
        SoakOptions options = new() { LaneCount = 8 };
        using SoakLoad load = new(options);
        while (load.StepCount < stepCount)
        {
            load.RunRound(1 + (stepCount / (RoundCount * options.LaneCount)));
        }

        load.End();
    }

    /// <summary>What strict overcommit does: any commit may be refused. Nothing is lost, and what is refused says so.</summary>
    [Fact]
    public void With_commits_refused_at_random_nothing_is_lost()
    {
        Random random = new(7);
        FaultInjectingPlatform platform = new(VmPlatform.Current, new FaultInjectionOptions { LogCapacity = 0 });
        using SoakLoad load = new(new SoakOptions { LaneCount = 4, Platform = platform, BlocksPerLane = 300 });
        platform.Arm(FaultPlan.When(call => call.Operation == SystemOperation.Commit && random.Next(3) == 0));
        for (int round = 0; round < 3; round++)
        {
            load.RunRound(Wine.IsHere ? 1000 : 8000);
        }

        Assert.True(platform.InjectedCount > 10, $"{platform.InjectedCount} refusals");
        platform.Disarm();
        load.End();
    }
}
