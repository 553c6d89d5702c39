using NativeVm.Diagnostics;

namespace NativeVm;

/// <content>What the meter reads, on another thread than the owner's: fields, which it may find a moment old.</content>
public sealed unsafe partial class PersistentArena : IUsageSource
{
    private readonly InstanceTicket _ticket;

    string IUsageSource.Kind => "persistent";

    VmUsage IUsageSource.GetUsage(UsageFigures figures)
    {
        PersistentArenaStatistics statistics = GetStatistics();
        return new VmUsage
        {
            ReservedByteCount = statistics.ReservedByteCount,
            CommittedByteCount = statistics.CommittedByteCount,
            AllocatedByteCount = statistics.AllocatedByteCount,
        };
    }
}
