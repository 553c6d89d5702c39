using NativeVm.Diagnostics;

namespace NativeVm;

/// <content>What the meter reads, on another thread than the owner's: fields, which it may find a moment old.</content>
public sealed partial class DoubleEndedArena : IUsageSource
{
    private readonly InstanceTicket _ticket;

    string IUsageSource.Kind => "arena";

    VmUsage IUsageSource.GetUsage(UsageFigures figures)
    {
        DoubleEndedArenaStatistics statistics = GetStatistics();
        return new VmUsage
        {
            ReservedByteCount = statistics.ReservedByteCount,
            CommittedByteCount = statistics.CommittedByteCount,
            AllocatedByteCount = statistics.LowByteCount + statistics.HighByteCount,
        };
    }
}
