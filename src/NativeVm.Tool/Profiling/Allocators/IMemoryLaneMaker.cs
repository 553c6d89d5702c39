namespace NativeVm.Tool.Profiling.Allocators;

/// <summary>Makes a workload's lane over any allocator.</summary>
internal interface IMemoryLaneMaker
{
    /// <summary>Makes the lane; it owns the allocator.</summary>
    /// <typeparam name="TAllocator">The kind of allocator.</typeparam>
    /// <typeparam name="TBlock">What it hands out.</typeparam>
    /// <param name="allocator">The allocator.</param>
    Lane Make<TAllocator, TBlock>(TAllocator allocator)
        where TAllocator : struct, IMemoryAllocator<TBlock>;
}
