using NativeVm.Tests.Support;

namespace NativeVm.Tests.Limits;

/// <summary>A control group's limit on memory, which no call is refused by: who goes past it is ended.</summary>
public sealed class MemoryGroupTests
{
    [CapabilityFact(Needs.Linux | Needs.MemoryGroups)]
    public void What_is_given_back_leaves_the_group()
    {
        using MemoryGroup group = Make();
        ChildProcess.Run(
            new ChildLimits { Group = group }, nameof(MemoryGroupScenarios.WorkWithinLimit), group.UsageFile).AssertPassed();
        Assert.Equal(0, group.KillCount);
    }

    [CapabilityFact(Needs.Linux | Needs.MemoryGroups)]
    public void Going_past_the_limit_ends_that_process_and_no_other()
    {
        using MemoryGroup group = Make();
        using MemoryGroup other = Make();
        Task<ChildResult> neighbour = Task.Run(() => ChildProcess.Run(
            new ChildLimits { Group = other }, nameof(MemoryGroupScenarios.WorkWithinLimit), other.UsageFile));
        ChildProcess.Run(new ChildLimits { Group = group }, nameof(MemoryGroupScenarios.GoPastLimit)).AssertKilled();
        Assert.Equal(1, group.KillCount);
        neighbour.GetAwaiter().GetResult().AssertPassed();
        Assert.Equal(0, other.KillCount);
    }

    private static MemoryGroup Make() =>
        MemoryGroup.TryCreate(MemoryGroupScenarios.LimitByteCount, out string whyNot)
        ?? throw new InvalidOperationException(whyNot);
}
