using NativeVm.Diagnostics;

namespace NativeVm;

/// <content>What the meter reads, and the recording of allocations where that is switched on.</content>
public sealed unsafe partial class VmHeap : IUsageSource
{
    private readonly InstanceTicket _ticket;

    string IUsageSource.Kind => "heap";

    VmUsage IUsageSource.GetUsage(UsageFigures figures)
    {
        VmHeapStatistics statistics = GetStatistics();
        return new VmUsage
        {
            ReservedByteCount = statistics.ReservedByteCount,
            CommittedByteCount = statistics.CommittedByteCount,
            AllocatedByteCount = statistics.AllocatedByteCount,
            EntryCount = statistics.BlockCount,
        };
    }

    private bool TryAllocateTracked(nuint byteCount, nuint alignment, bool isZeroed, out void* block)
    {
        bool isAllocated = TryAllocateSlow(byteCount, alignment, isZeroed, out block);
        if (isAllocated)
        {
            AllocationTracking.Allocated(this, _ticket, (nuint)block, byteCount);
        }

        return isAllocated;
    }

    private void* AllocateTracked(nuint byteCount) =>
        TryAllocateTracked(byteCount, 1, isZeroed: false, out void* block) ? block : ThrowOutOfMemory(byteCount);
}
