using NativeVm.Tool.Profiling.Allocators;

namespace NativeVm.Tool.Profiling.Memory;

/// <summary>Allocates a run of pages, writes a byte to each, and frees it: what a large short-lived buffer costs.</summary>
/// <param name="allocator">The allocator.</param>
/// <param name="byteCount">The length of the run, in bytes.</param>
internal sealed class TouchLane<TAllocator, TBlock>(TAllocator allocator, nuint byteCount)
    : MemoryLane<TAllocator, TBlock>(allocator)
    where TAllocator : struct, IMemoryAllocator<TBlock>
{
    /// <inheritdoc/>
    protected override void RunAll(long operationCount)
    {
        TAllocator allocator = Allocator;
        for (long i = 0; i < operationCount; i++)
        {
            TBlock block = allocator.Allocate(byteCount);
            PageTouch.All(ref allocator.FirstByte(block), byteCount);
            allocator.Free(block, byteCount);
        }
    }
}
