namespace NativeVm.Tool.Profiling.Allocators;

/// <summary>All allocators of pages; ours is the first, by which the others are measured.</summary>
internal static class PageAllocatorRegistry
{
    /// <summary>The allocators.</summary>
    public static IReadOnlyList<PageAllocatorSource> All { get; } =
    [
        new("NativeVm", () => new VmMapAllocator()),
        new("system", () => new SystemAllocator()),
        new("NativeMemory", () => new NativeMemoryAllocator()),
    ];
}
