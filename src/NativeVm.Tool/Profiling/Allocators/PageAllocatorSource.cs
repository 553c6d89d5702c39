namespace NativeVm.Tool.Profiling.Allocators;

/// <summary>Makes an allocator.</summary>
/// <param name="Name">The name by which the command line chooses it.</param>
/// <param name="Create">Makes it.</param>
internal sealed record PageAllocatorSource(string Name, Func<IPageAllocator> Create);
