using NativeVm.Tool.Profiling.Allocators;

namespace NativeVm.Tool.Profiling.Memory;

/// <summary>Allocates a block and frees it at once.</summary>
/// <param name="allocator">The allocator.</param>
/// <param name="sizes">The lengths, by turns; a power of two of them.</param>
internal sealed class PairLane<TAllocator, TBlock>(TAllocator allocator, nuint[] sizes)
    : MemoryLane<TAllocator, TBlock>(allocator)
    where TAllocator : struct, IMemoryAllocator<TBlock>
{
    /// <inheritdoc/>
    protected override void RunAll(long operationCount)
    {
        TAllocator allocator = Allocator;
        nuint[] lengths = sizes;
        for (long i = 0; i < operationCount; i++)
        {
            nuint byteCount = lengths[i & (lengths.Length - 1)];
            allocator.Free(allocator.Allocate(byteCount), byteCount);
        }
    }
}
