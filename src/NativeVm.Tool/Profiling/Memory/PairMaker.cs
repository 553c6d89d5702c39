using NativeVm.Tool.Profiling.Allocators;

namespace NativeVm.Tool.Profiling.Memory;

/// <summary>Makes lanes that allocate and free in pairs.</summary>
/// <param name="sizes">The lengths, by turns; a power of two of them.</param>
internal sealed class PairMaker(nuint[] sizes) : IMemoryLaneMaker
{
    /// <inheritdoc/>
    public Lane Make<TAllocator, TBlock>(TAllocator allocator)
        where TAllocator : struct, IMemoryAllocator<TBlock> => new PairLane<TAllocator, TBlock>(allocator, sizes);
}
