using System.Diagnostics;
using NativeVm.Platform;

namespace NativeVm.Tool.Profiling.Memory;

/// <summary>
/// Makes fresh pages resident; an operation is one page. Reserving, committing and releasing them is not in the time.
/// </summary>
/// <param name="platform">Where the pages come from.</param>
/// <param name="byteCount">How many bytes are touched at once, a multiple of the huge page's.</param>
/// <param name="hasHugePages">Whether huge pages are asked for, or refused.</param>
/// <param name="isPrefaulted">Whether one call makes them resident, before they are touched.</param>
internal sealed unsafe class FirstTouchLane(VmPlatform platform, nuint byteCount, bool hasHugePages, bool isPrefaulted) : Lane
{
    private readonly long _firstCall = platform.SystemCallCount;
    private long _otherCalls;

    /// <inheritdoc/>
    public override long OperationsPerBatch => (long)(byteCount / platform.PageSize);

    /// <inheritdoc/>
    public override long? SystemCallCount => platform.SystemCallCount - _firstCall - _otherCalls;

    /// <inheritdoc/>
    public override long Run(long operationCount)
    {
        long before = platform.SystemCallCount;
        nuint alignment = Math.Max(platform.HugePageSize, platform.AllocationGranularity);
        platform.Reserve(byteCount, Placement.Aligned(alignment), out nuint address).ThrowIfRefused();
        try
        {
            platform.Commit(address, byteCount, PageProtection.ReadWrite).ThrowIfRefused();
            PageAdvice advice = hasHugePages ? PageAdvice.HugePages : PageAdvice.NoHugePages;
            if (platform.Supports(advice))
            {
                platform.Advise(address, byteCount, advice).ThrowIfRefused();
            }

            _otherCalls += platform.SystemCallCount - before;
            long start = Stopwatch.GetTimestamp();
            if (isPrefaulted)
            {
                platform.Prefault(address, byteCount).ThrowIfRefused();
            }

            PageTouch.All(ref *(byte*)address, byteCount);
            long end = Stopwatch.GetTimestamp();
            before = platform.SystemCallCount;
            return end - start;
        }
        finally
        {
            platform.Release(address, byteCount).ThrowIfRefused();
            _otherCalls += platform.SystemCallCount - before;
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        // Each run releases what it reserved.
    }
}
