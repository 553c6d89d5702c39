using NativeVm.Diagnostics;

namespace NativeVm;

/// <content>What the meter reads.</content>
public sealed unsafe partial class FramePool : IUsageSource
{
    private readonly InstanceTicket _ticket;

    string IUsageSource.Kind => "frames";

    bool IUsageSource.TryGetUsage(UsageFigures figures, out VmUsage usage)
    {
        usage = default;
        try
        {
            FramePoolStatistics statistics = GetStatistics();
            usage = new VmUsage
            {
                ReservedByteCount = statistics.ReservedByteCount,
                CommittedByteCount = statistics.CommittedByteCount,
                AllocatedByteCount = statistics.AllocatedByteCount,
                EntryCount = statistics.AllocatedCount,
                PurgedByteCount = statistics.PurgedByteCount,
            };
            return true;
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
    }
}
