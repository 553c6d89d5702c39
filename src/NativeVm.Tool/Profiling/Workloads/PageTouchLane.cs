using System.Diagnostics;
using NativeVm.Tool.Profiling.Allocators;

namespace NativeVm.Tool.Profiling.Workloads;

/// <summary>One allocator at <see cref="PageTouchWorkload"/>.</summary>
internal sealed unsafe class PageTouchLane(IPageAllocator allocator, nuint byteCount) : Lane
{
    private readonly nuint _pageSize = (nuint)Environment.SystemPageSize;

    /// <inheritdoc/>
    public override long Run(long operationCount)
    {
        long start = Stopwatch.GetTimestamp();
        for (long i = 0; i < operationCount; i++)
        {
            nuint address = allocator.Allocate(byteCount);
            byte* run = (byte*)address;
            for (nuint offset = 0; offset < byteCount; offset += _pageSize)
            {
                Volatile.Write(ref run[offset], 1);
            }

            allocator.Free(address, byteCount);
        }

        return Stopwatch.GetTimestamp() - start;
    }

    /// <inheritdoc/>
    public override void Dispose() => allocator.Dispose();
}
