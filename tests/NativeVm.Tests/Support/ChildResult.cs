namespace NativeVm.Tests.Support;

/// <summary>How a child process ended, and what it wrote.</summary>
internal sealed record ChildResult(int ExitCode, string Output, string Error)
{
    private const int SignalBase = 128;
    private const int SignalAbort = 6;
    private const int SignalKill = 9;
    private const int SignalSegmentation = 11;
    private const int StatusAccessViolation = unchecked((int)0xC000_0005);
    private const int StatusFailFast = unchecked((int)0xC000_0602);

    /// <summary>
    /// Whether a memory access killed it. Where native code faults, that is SIGSEGV; where managed code does, the
    /// runtime says so and aborts.
    /// </summary>
    public bool DiedOfMemoryFault =>
        ExitCode is SignalBase + SignalSegmentation or StatusAccessViolation
        || (ExitCode is SignalBase + SignalAbort or StatusFailFast && Error.Contains("AccessViolationException", StringComparison.Ordinal));

    /// <summary>Fails the test unless the scenario ran to its end.</summary>
    public void AssertPassed() => Assert.True(ExitCode == 0, ToString());

    /// <summary>Fails the test unless the scenario reached its fault and died of it.</summary>
    public void AssertDiedOfMemoryFault()
    {
        Assert.True(DiedOfMemoryFault, ToString());
        Assert.Contains(ChildScenarios.ReachedFault, Output, StringComparison.Ordinal);
    }

    /// <summary>Fails the test unless the system ended it once it had reached the point where it should.</summary>
    public void AssertKilled()
    {
        Assert.True(ExitCode == SignalBase + SignalKill, ToString());
        Assert.Contains(ChildScenarios.ReachedFault, Output, StringComparison.Ordinal);
    }

    public override string ToString() => $"The child ended with {ExitCode}.\n{Output}\n{Error}";
}
