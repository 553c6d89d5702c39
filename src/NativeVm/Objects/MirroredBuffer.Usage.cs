using NativeVm.Diagnostics;

namespace NativeVm;

/// <content>What the meter reads.</content>
public sealed unsafe partial class MirroredBuffer : IUsageSource
{
    private readonly InstanceTicket _ticket;

    string IUsageSource.Kind => "mirrored";

    VmUsage IUsageSource.GetUsage(UsageFigures figures)
    {
        MirroredBufferStatistics statistics = GetStatistics();
        return new VmUsage
        {
            ReservedByteCount = statistics.ReservedByteCount,
            CommittedByteCount = statistics.CommittedByteCount,
            AllocatedByteCount = statistics.AllocatedByteCount,
        };
    }
}
