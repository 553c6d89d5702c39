using NativeVm.Tests.Support;

namespace NativeVm.Tests.Platform;

/// <summary>What must fault does.</summary>
public sealed class FaultTests
{
    [Fact]
    public void Touching_reserved_memory_kills() =>
        ChildProcess.Run(nameof(FaultScenarios.TouchReserved)).AssertDiedOfMemoryFault();

    [Fact]
    public void Touching_decommitted_memory_kills() =>
        ChildProcess.Run(nameof(FaultScenarios.TouchDecommitted)).AssertDiedOfMemoryFault();

    [Fact]
    public void Writing_read_only_memory_kills() =>
        ChildProcess.Run(nameof(FaultScenarios.WriteReadOnly)).AssertDiedOfMemoryFault();

    [CapabilityFact(Needs.ReleaseTail)]
    public void Touching_a_released_tail_kills() =>
        ChildProcess.Run(nameof(FaultScenarios.TouchReleasedTail)).AssertDiedOfMemoryFault();

    [Fact]
    public void Touching_a_guard_kills() =>
        ChildProcess.Run(nameof(ObjectScenarios.TouchGuard)).AssertDiedOfMemoryFault();

    [CapabilityFact(Needs.Posix)]
    public void Touching_a_page_beyond_the_end_of_a_file_that_was_shrunk_kills()
    {
        using TemporaryFile file = new();
        ChildProcess.Run(nameof(ObjectScenarios.TouchBeyondShrunkenFile), file.Path).AssertDiedOfMemoryFault();
    }

    [CapabilityFact]
    public void Writing_the_executable_view_of_an_object_kills() =>
        ChildProcess.Run(nameof(ObjectScenarios.WriteExecutableView)).AssertDiedOfMemoryFault();

    [Fact]
    public void A_scenario_that_does_not_exist_is_said_so()
    {
        ChildResult result = ChildProcess.Run("NoSuchScenario");
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("NoSuchScenario", result.Error, StringComparison.Ordinal);
    }
}
