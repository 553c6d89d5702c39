using NativeVm.Tool.Profiling.Allocators;
using NativeVm.Tool.Traces.Malloc;

namespace NativeVm.Tool.Profiling.Memory;

/// <summary>Makes lanes that replay a trace.</summary>
/// <param name="trace">The trace, read when the first lane is made.</param>
internal sealed class TraceMaker(Lazy<MallocTrace> trace) : IHeapLaneMaker
{
    /// <inheritdoc/>
    public Lane Make<TAllocator>(TAllocator allocator)
        where TAllocator : struct, IHeapAllocator => new TraceLane<TAllocator>(allocator, trace.Value);
}
