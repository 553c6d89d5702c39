using NativeVm.Tests.Support;

namespace NativeVm.Tests.Limits;

/// <summary>Maps and allocators at real limits, each in a process of its own.</summary>
public sealed class AllocatorLimitTests
{
    private const long MiB = 1 << 20;
    private const long GiB = 1 << 30;

    [CapabilityFact(Needs.Linux)]
    public void At_the_address_space_limit_what_there_is_can_be_had_and_comes_back() =>
        ChildProcess.Run(new ChildLimits { AddressSpace = 8 * GiB }, nameof(AllocatorLimitScenarios.FillAddressSpace)).AssertPassed();

    [CapabilityFact(Needs.Linux)]
    public void At_the_lock_limit_what_cannot_be_wired_is_as_it_was() =>
        ChildProcess.Run(new ChildLimits { LockedMemory = 4 * MiB }, nameof(AllocatorLimitScenarios.WireTooMuch)).AssertPassed();

    [CapabilityFact(Needs.Linux | Needs.ReachableMappingLimit)]
    public void Near_the_cap_on_mappings_allocators_go_on_and_mix_up_nothing() =>
        ChildProcess.Run(nameof(AllocatorLimitScenarios.WorkNearTheCapOnMappings)).AssertPassed();

    [CapabilityFact(Needs.Linux | Needs.PrivateMounts)]
    public void On_a_full_device_an_arena_says_so_and_keeps_what_it_has()
    {
        string directory = Directory.CreateTempSubdirectory("nativevm").FullName;
        try
        {
            ChildProcess.Run(
                new ChildLimits { SmallDevice = directory }, nameof(AllocatorLimitScenarios.FillDevice), directory).AssertPassed();
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [CapabilityFact(Needs.Linux | Needs.SharedMemoryObjects)]
    public void A_forked_process_sees_what_the_inheritance_says() =>
        ChildProcess.Run(nameof(ForkScenarios.ForkWhileInUse)).AssertPassed();
}
