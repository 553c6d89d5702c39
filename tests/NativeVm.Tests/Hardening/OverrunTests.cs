using NativeVm.Tests.Support;

namespace NativeVm.Tests.Hardening;

/// <summary>Records are kept where no overrun of memory that was handed out reaches them.</summary>
public sealed class OverrunTests
{
    [CapabilityFact(Needs.Linux)]
    public void Overruns_to_the_ends_of_what_can_be_written_reach_no_records() =>
        ChildProcess.Run(nameof(OverrunScenarios.OverrunEverything)).AssertPassed();
}
