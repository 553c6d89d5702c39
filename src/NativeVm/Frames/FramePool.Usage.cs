using NativeVm.Diagnostics;

namespace NativeVm;

/// <content>What the meter reads.</content>
public sealed unsafe partial class FramePool : IUsageSource
{
    private readonly InstanceTicket _ticket;

    string IUsageSource.Kind => "frames";

    VmUsage IUsageSource.GetUsage(UsageFigures figures)
    {
        FramePoolStatistics statistics = GetStatistics();
        return new VmUsage
        {
            ReservedByteCount = statistics.ReservedByteCount,
            CommittedByteCount = statistics.CommittedByteCount,
            AllocatedByteCount = statistics.AllocatedByteCount,
            EntryCount = statistics.AllocatedCount,
            PurgedByteCount = statistics.PurgedByteCount,
        };
    }
}
