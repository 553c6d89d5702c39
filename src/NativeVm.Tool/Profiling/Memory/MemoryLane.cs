using System.Diagnostics;
using NativeVm.Tool.Profiling.Allocators;

namespace NativeVm.Tool.Profiling.Memory;

/// <summary>A lane over an allocator of memory, run by one thread.</summary>
/// <typeparam name="TAllocator">The kind of allocator.</typeparam>
/// <typeparam name="TBlock">What it hands out.</typeparam>
/// <param name="allocator">The allocator, which the lane owns.</param>
internal abstract class MemoryLane<TAllocator, TBlock>(TAllocator allocator) : Lane
    where TAllocator : struct, IMemoryAllocator<TBlock>
{
    /// <inheritdoc/>
    public override long? SystemCallCount => Allocator.SystemCallCount;

    /// <summary>The allocator.</summary>
    protected TAllocator Allocator { get; } = allocator;

    /// <inheritdoc/>
    public override long Run(long operationCount)
    {
        long start = Stopwatch.GetTimestamp();
        RunAll(operationCount);
        return Stopwatch.GetTimestamp() - start;
    }

    /// <inheritdoc/>
    public override void Dispose() => Allocator.Dispose();

    /// <summary>The operations.</summary>
    /// <param name="operationCount">How many.</param>
    protected abstract void RunAll(long operationCount);
}
