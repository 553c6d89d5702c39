using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace NativeVm.Diagnostics;

/// <summary>Records who allocated what, and from where, while the switch is on.</summary>
/// <remarks>
/// The switch is read once into a read-only field, which the compiler takes for a constant: where it is off, the calls
/// guarded by it are not in the code. Where it is on, each allocation costs a walk of the stack, some microseconds, and
/// managed memory. Records are keyed by owner and address, because an allocator's block may begin where a run of the
/// allocator below it does. One lock is enough: walking the stack, outside it, costs far more.
/// </remarks>
internal static class AllocationTracking
{
    private static readonly Lock Gate = new();
    private static readonly Dictionary<(long Owner, nuint Address), AllocationRecord> Records = [];

    /// <summary>Whether allocations are recorded. Callers guard every other member by it.</summary>
    [FeatureSwitchDefinition(VmDiagnostics.TrackingSwitch)]
    public static bool IsOn { get; } = AppContext.TryGetSwitch(VmDiagnostics.TrackingSwitch, out bool isOn) && isOn;

    /// <summary>An owner has handed out memory.</summary>
    public static void Allocated(IUsageSource owner, in InstanceTicket ticket, nuint address, nuint byteCount)
    {
        AllocationRecord record = new(owner.Name, owner.Kind, byteCount, new StackTrace(1, fNeedFileInfo: false));
        lock (Gate)
        {
            Records[(ticket.Id, address)] = record;
        }
    }

    /// <summary>An owner has taken it back.</summary>
    public static void Freed(in InstanceTicket ticket, nuint address)
    {
        lock (Gate)
        {
            Records.Remove((ticket.Id, address));
        }
    }

    /// <summary>What is left, the most bytes first.</summary>
    public static VmLeakReport GetReport()
    {
        AllocationRecord[] left;
        lock (Gate)
        {
            left = [.. Records.Values];
        }

        return VmLeakReport.Of(left);
    }
}
