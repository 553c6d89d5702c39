using NativeVm.Tests.Support;

namespace NativeVm.Tests.Diagnostics;

public sealed class LeakTests
{
    [CapabilityFact(Needs.Posix)]
    public void With_the_switch_on_a_report_names_the_site_of_what_is_left() =>
        ChildProcess.Run(nameof(LeakScenarios.NameTheSite)).AssertPassed();

    [CapabilityFact(Needs.Posix)]
    public void With_the_switch_on_allocators_record_what_they_hand_out_and_take_back() =>
        ChildProcess.Run(nameof(LeakScenarios.TrackAllocators)).AssertPassed();

    [Fact]
    public void With_the_switch_off_there_is_nothing_to_report()
    {
        Assert.False(VmDiagnostics.TracksAllocations);
        Assert.Empty(VmDiagnostics.GetLeakReport().Leaks);
    }
}
