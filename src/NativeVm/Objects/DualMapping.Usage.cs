using NativeVm.Diagnostics;

namespace NativeVm;

/// <content>What the meter reads.</content>
public sealed unsafe partial class DualMapping : IUsageSource
{
    private readonly InstanceTicket _ticket;

    string IUsageSource.Kind => "code";

    VmUsage IUsageSource.GetUsage(UsageFigures figures)
    {
        DualMappingStatistics statistics = GetStatistics();
        return new VmUsage
        {
            ReservedByteCount = statistics.ReservedByteCount,
            CommittedByteCount = statistics.CommittedByteCount,
            AllocatedByteCount = statistics.AllocatedByteCount,
        };
    }
}
