using NativeVm.Diagnostics;

namespace NativeVm;

/// <content>What the meter reads, and the recording of allocations where that is switched on.</content>
public sealed unsafe partial class PageAllocator : IUsageSource
{
    private readonly InstanceTicket _ticket;

    string IUsageSource.Kind => "pages";

    VmUsage IUsageSource.GetUsage(UsageFigures figures)
    {
        PageAllocatorStatistics statistics = GetStatistics();
        return new VmUsage
        {
            ReservedByteCount = statistics.ReservedByteCount,
            CommittedByteCount = statistics.CommittedByteCount,
            AllocatedByteCount = statistics.AllocatedByteCount,
            PurgedByteCount = statistics.PurgedByteCount,
        };
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
