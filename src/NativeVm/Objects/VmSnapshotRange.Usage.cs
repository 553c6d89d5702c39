using NativeVm.Diagnostics;

namespace NativeVm;

/// <content>What the meter reads.</content>
public sealed unsafe partial class VmSnapshotRange : IUsageSource
{
    private readonly InstanceTicket _ticket;

    string IUsageSource.Kind => "snapshots";

    VmUsage IUsageSource.GetUsage(UsageFigures figures)
    {
        VmSnapshotStatistics statistics = GetStatistics();
        return new VmUsage
        {
            ReservedByteCount = statistics.ReservedByteCount,
            CommittedByteCount = statistics.CommittedByteCount,
            EntryCount = (nuint)statistics.SnapshotCount,
        };
    }
}
