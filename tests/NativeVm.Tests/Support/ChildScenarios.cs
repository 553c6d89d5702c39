using NativeVm.Tests.Arenas;
using NativeVm.Tests.Diagnostics;
using NativeVm.Tests.Hardening;
using NativeVm.Tests.Heaps;
using NativeVm.Tests.Index;
using NativeVm.Tests.Limits;
using NativeVm.Tests.Map;
using NativeVm.Tests.Objects;
using NativeVm.Tests.Platform;
using NativeVm.Tests.Platform.Posix;
using NativeVm.Tests.Tool.Replay;

namespace NativeVm.Tests.Support;

/// <summary>
/// What can be run in a child process, by name. A scenario asserts on its own; an exception is its failure.
/// </summary>
internal static class ChildScenarios
{
    /// <summary>What a scenario prints right before the access that is to kill it.</summary>
    public const string ReachedFault = "about to fault";

    private static readonly Dictionary<string, Action<string[]>> Scenarios = new(StringComparer.Ordinal)
    {
        [nameof(FaultScenarios.TouchReserved)] = FaultScenarios.TouchReserved,
        [nameof(FaultScenarios.TouchDecommitted)] = FaultScenarios.TouchDecommitted,
        [nameof(FaultScenarios.WriteReadOnly)] = FaultScenarios.WriteReadOnly,
        [nameof(FaultScenarios.TouchReleasedTail)] = FaultScenarios.TouchReleasedTail,
        [nameof(ObjectScenarios.TouchGuard)] = ObjectScenarios.TouchGuard,
        [nameof(ObjectScenarios.TouchBeyondShrunkenFile)] = ObjectScenarios.TouchBeyondShrunkenFile,
        [nameof(ObjectScenarios.WriteExecutableView)] = ObjectScenarios.WriteExecutableView,
        [nameof(CodeScenarios.ExecuteWritableView)] = CodeScenarios.ExecuteWritableView,
        [nameof(CodeScenarios.WriteExecutableCode)] = CodeScenarios.WriteExecutableCode,
        [nameof(CodeScenarios.WriteSnapshot)] = CodeScenarios.WriteSnapshot,
        [nameof(ArenaScenarios.AppendToArena)] = ArenaScenarios.AppendToArena,
        [nameof(ArenaScenarios.DieWithUnflushedArena)] = ArenaScenarios.DieWithUnflushedArena,
        [nameof(ArenaScenarios.WriteArenaOpenedForReading)] = ArenaScenarios.WriteArenaOpenedForReading,
        [nameof(LimitScenarios.AddressSpaceLimit)] = LimitScenarios.AddressSpaceLimit,
        [nameof(LimitScenarios.LockLimit)] = LimitScenarios.LockLimit,
        [nameof(LimitScenarios.DataLimit)] = LimitScenarios.DataLimit,
        [nameof(LimitScenarios.MappingLimit)] = LimitScenarios.MappingLimit,
        [nameof(GuardScenarios.RunIntoGuard)] = GuardScenarios.RunIntoGuard,
        [nameof(BudgetScenarios.FillWithMappings)] = BudgetScenarios.FillWithMappings,
        [nameof(LinearArenaScenarios.OverrunGuard)] = LinearArenaScenarios.OverrunGuard,
        [nameof(LinearArenaScenarios.UseAfterRewind)] = LinearArenaScenarios.UseAfterRewind,
        [nameof(LinearArenaScenarios.TouchTruncated)] = LinearArenaScenarios.TouchTruncated,
        [nameof(InstructionSetTests.RunRandomOperations)] = InstructionSetTests.RunRandomOperations,
        [nameof(LeakScenarios.NameTheSite)] = LeakScenarios.NameTheSite,
        [nameof(LeakScenarios.TrackAllocators)] = LeakScenarios.TrackAllocators,
        [nameof(HeapScenarios.TouchBeyondLargeBlock)] = HeapScenarios.TouchBeyondLargeBlock,
        [nameof(AllocatorLimitScenarios.FillAddressSpace)] = AllocatorLimitScenarios.FillAddressSpace,
        [nameof(AllocatorLimitScenarios.WireTooMuch)] = AllocatorLimitScenarios.WireTooMuch,
        [nameof(AllocatorLimitScenarios.WorkNearTheCapOnMappings)] = AllocatorLimitScenarios.WorkNearTheCapOnMappings,
        [nameof(AllocatorLimitScenarios.FillDevice)] = AllocatorLimitScenarios.FillDevice,
        [nameof(MemoryGroupScenarios.WorkWithinLimit)] = MemoryGroupScenarios.WorkWithinLimit,
        [nameof(MemoryGroupScenarios.GoPastLimit)] = MemoryGroupScenarios.GoPastLimit,
        [nameof(ForkScenarios.ForkWhileInUse)] = ForkScenarios.ForkWhileInUse,
        [nameof(OverrunScenarios.OverrunEverything)] = OverrunScenarios.OverrunEverything,
        [nameof(ReplayScenarios.ReplayAndRemove)] = ReplayScenarios.ReplayAndRemove,
    };

    /// <summary>Runs the scenario named first, with the arguments that follow.</summary>
    /// <returns>0 when it ran to its end; 1 when it failed; 2 when there is none of that name.</returns>
    public static int Run(string[] arguments)
    {
        if (arguments.Length == 0 || !Scenarios.TryGetValue(arguments[0], out Action<string[]>? scenario))
        {
            Console.Error.WriteLine($"No such scenario: {string.Join(' ', arguments)}");
            return 2;
        }

        try
        {
            scenario(arguments[1..]);
            return 0;
        }
#pragma warning disable CA1031 // Whatever a scenario throws is its failure, and is for the parent to read.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Console.Error.WriteLine(e);
            return 1;
        }
    }
}
