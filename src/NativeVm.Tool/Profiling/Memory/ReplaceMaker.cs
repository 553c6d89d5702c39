using NativeVm.Tool.Profiling.Allocators;

namespace NativeVm.Tool.Profiling.Memory;

/// <summary>Makes lanes that replace random blocks.</summary>
/// <param name="parameters">How many blocks, and of which lengths.</param>
internal sealed class ReplaceMaker(ReplaceParameters parameters) : IMemoryLaneMaker
{
    /// <inheritdoc/>
    public Lane Make<TAllocator, TBlock>(TAllocator allocator)
        where TAllocator : struct, IMemoryAllocator<TBlock> => new ReplaceLane<TAllocator, TBlock>(allocator, parameters);
}
