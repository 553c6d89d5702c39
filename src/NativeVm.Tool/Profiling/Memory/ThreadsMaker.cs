using NativeVm.Tool.Profiling.Allocators;

namespace NativeVm.Tool.Profiling.Memory;

/// <summary>Makes lanes of several threads.</summary>
/// <param name="threadCount">How many threads.</param>
/// <param name="mode">Whose blocks they free.</param>
internal sealed class ThreadsMaker(int threadCount, ThreadsMode mode) : IMemoryLaneMaker
{
    /// <inheritdoc/>
    public Lane Make<TAllocator, TBlock>(TAllocator allocator)
        where TAllocator : struct, IMemoryAllocator<TBlock> => new ThreadsLane<TAllocator, TBlock>(allocator, threadCount, mode);
}
