namespace NativeVm.Tool.Profiling.Allocators;

/// <summary>Makes a workload's lane over any heap.</summary>
internal interface IHeapLaneMaker
{
    /// <summary>Makes the lane; it owns the allocator.</summary>
    /// <typeparam name="TAllocator">The kind of heap.</typeparam>
    /// <param name="allocator">The heap.</param>
    Lane Make<TAllocator>(TAllocator allocator)
        where TAllocator : struct, IHeapAllocator;
}
