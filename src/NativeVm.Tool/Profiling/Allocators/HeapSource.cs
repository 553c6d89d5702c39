namespace NativeVm.Tool.Profiling.Allocators;

/// <summary>Makes lanes over a heap of one kind.</summary>
/// <typeparam name="TAllocator">The kind of heap.</typeparam>
/// <param name="name">The name by which the command line chooses it.</param>
/// <param name="uses">What it is for.</param>
/// <param name="create">Makes a heap.</param>
internal sealed class HeapSource<TAllocator>(string name, AllocatorUses uses, Func<TAllocator> create)
    : AllocatorSource(name, uses)
    where TAllocator : struct, IHeapAllocator
{
    /// <inheritdoc/>
    public override Lane MakeLane(IMemoryLaneMaker maker) => maker.Make<TAllocator, nuint>(create());

    /// <inheritdoc/>
    public override Lane MakeLane(IHeapLaneMaker maker) => maker.Make(create());
}
