using NativeVm.Tests.Support;

namespace NativeVm.Tests.Platform.Posix;

/// <summary>Each limit of a process gives its reason, and its message names the setting.</summary>
public abstract class LimitContractTests
{
    private const long MiB = 1 << 20;
    private const long GiB = 1 << 30;

    private protected abstract string Binding { get; }

    [CapabilityFact(Needs.Linux)]
    public void The_address_space_limit() =>
        ChildProcess.Run(new ChildLimits { AddressSpace = 8 * GiB }, nameof(LimitScenarios.AddressSpaceLimit), Binding).AssertPassed();

    [CapabilityFact(Needs.Linux)]
    public void The_lock_limit() =>
        ChildProcess.Run(new ChildLimits { LockedMemory = MiB }, nameof(LimitScenarios.LockLimit), Binding).AssertPassed();

    [CapabilityFact(Needs.Linux)]
    public void The_data_limit() =>
        ChildProcess.Run(new ChildLimits { Data = GiB }, nameof(LimitScenarios.DataLimit), Binding).AssertPassed();

    [CapabilityFact(Needs.Linux | Needs.ReachableMappingLimit)]
    public void The_mapping_limit() =>
        ChildProcess.Run(nameof(LimitScenarios.MappingLimit), Binding).AssertPassed();
}
