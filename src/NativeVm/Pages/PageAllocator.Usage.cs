using NativeVm.Diagnostics;

namespace NativeVm;

/// <content>What the meter reads, and the recording of allocations where that is switched on.</content>
public sealed unsafe partial class PageAllocator : IUsageSource
{
    private readonly InstanceTicket _ticket;

    string IUsageSource.Kind => "pages";

    bool IUsageSource.TryGetUsage(UsageFigures figures, out VmUsage usage)
    {
        usage = default;
        try
        {
            PageAllocatorStatistics statistics = GetStatistics();
            usage = new VmUsage
            {
                ReservedByteCount = statistics.ReservedByteCount,
                CommittedByteCount = statistics.CommittedByteCount,
                AllocatedByteCount = statistics.AllocatedByteCount,
                PurgedByteCount = statistics.PurgedByteCount,
            };
            return true;
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
    }

    private bool TryAllocateTracked(nuint byteCount, nuint alignment, PageAllocationFlags flags, out nuint address)
    {
        bool isAllocated = AllocateUncached(byteCount, alignment, flags, out address).IsSuccess;
        if (isAllocated)
        {
            AllocationTracking.Allocated(this, _ticket, address, byteCount);
        }

        return isAllocated;
    }
}
