using NativeVm.Tests.Support;

namespace NativeVm.Tests.Platform.Posix;

/// <summary>Each limit of a process gives its reason, and its message names the setting.</summary>
public sealed class LimitTests
{
    private const long MiB = 1 << 20;
    private const long GiB = 1 << 30;

    [CapabilityTheory(Needs.Linux | Needs.MonoPosix)]
    [InlineData(LimitScenarios.Mono)]
    [InlineData(LimitScenarios.Native)]
    public void The_address_space_limit(string binding) =>
        ChildProcess.Run(new ChildLimits { AddressSpace = 8 * GiB }, nameof(LimitScenarios.AddressSpaceLimit), binding).AssertPassed();

    [CapabilityTheory(Needs.Linux | Needs.MonoPosix)]
    [InlineData(LimitScenarios.Mono)]
    [InlineData(LimitScenarios.Native)]
    public void The_lock_limit(string binding) =>
        ChildProcess.Run(new ChildLimits { LockedMemory = MiB }, nameof(LimitScenarios.LockLimit), binding).AssertPassed();

    [CapabilityTheory(Needs.Linux | Needs.MonoPosix)]
    [InlineData(LimitScenarios.Mono)]
    [InlineData(LimitScenarios.Native)]
    public void The_data_limit(string binding) =>
        ChildProcess.Run(new ChildLimits { Data = GiB }, nameof(LimitScenarios.DataLimit), binding).AssertPassed();

    [CapabilityTheory(Needs.Linux | Needs.MonoPosix | Needs.ReachableMappingLimit)]
    [InlineData(LimitScenarios.Mono)]
    [InlineData(LimitScenarios.Native)]
    public void The_mapping_limit(string binding) =>
        ChildProcess.Run(nameof(LimitScenarios.MappingLimit), binding).AssertPassed();
}
