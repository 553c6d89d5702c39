using NativeVm.Tool.Profiling.Allocators;

namespace NativeVm.Tool.Profiling.Memory;

/// <summary>Makes lanes that touch what they allocate.</summary>
/// <param name="byteCount">The length, in bytes.</param>
internal sealed class TouchMaker(nuint byteCount) : IMemoryLaneMaker
{
    /// <inheritdoc/>
    public Lane Make<TAllocator, TBlock>(TAllocator allocator)
        where TAllocator : struct, IMemoryAllocator<TBlock> => new TouchLane<TAllocator, TBlock>(allocator, byteCount);
}
