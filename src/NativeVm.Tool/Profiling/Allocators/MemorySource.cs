namespace NativeVm.Tool.Profiling.Allocators;

/// <summary>Makes lanes over an allocator of one kind.</summary>
/// <typeparam name="TAllocator">The kind of allocator.</typeparam>
/// <typeparam name="TBlock">What it hands out.</typeparam>
/// <param name="name">The name by which the command line chooses it.</param>
/// <param name="uses">What it is for.</param>
/// <param name="create">Makes an allocator.</param>
internal sealed class MemorySource<TAllocator, TBlock>(string name, AllocatorUses uses, Func<TAllocator> create)
    : AllocatorSource(name, uses)
    where TAllocator : struct, IMemoryAllocator<TBlock>
{
    /// <inheritdoc/>
    public override Lane MakeLane(IMemoryLaneMaker maker) => maker.Make<TAllocator, TBlock>(create());
}
