using NativeVm.Tool.Profiling.Allocators.Libraries;

namespace NativeVm.Tool.Profiling.Allocators;

/// <summary>All allocators of memory; ours is the first, by which the others are measured.</summary>
internal static class AllocatorRegistry
{
    /// <summary>The name of ours.</summary>
    public const string Ours = "NativeVm";

    /// <summary>Those that are always there.</summary>
    public static IReadOnlyList<AllocatorSource> BuiltIn { get; } =
    [
        new MemorySource<PagesAllocator, nuint>(Ours, AllocatorUses.Pages, PagesAllocator.Create) { NeedsRehearsal = true },
        new HeapSource<VmHeapAllocator>(Ours, AllocatorUses.Blocks | AllocatorUses.Heap, VmHeapAllocator.Create)
        {
            NeedsRehearsal = true,
        },
        new MemorySource<VmMapAllocator, nuint>("VmMap", AllocatorUses.Pages, VmMapAllocator.Create) { NeedsRehearsal = true },
        new MemorySource<SystemAllocator, nuint>("system", AllocatorUses.Pages, SystemAllocator.Create),
        new HeapSource<NativeMemoryAllocator>(
            "NativeMemory", AllocatorUses.Pages | AllocatorUses.Blocks | AllocatorUses.Heap, () => default),
        new MemorySource<ArrayPoolAllocator, byte[]>(
            "ArrayPool", AllocatorUses.Pages | AllocatorUses.Blocks | AllocatorUses.CommitsAll, () => default),
    ];

    /// <summary>The allocators for a use, those of malloc libraries last.</summary>
    /// <param name="use">The use.</param>
    /// <param name="settings">Names the libraries.</param>
    public static IEnumerable<AllocatorSource> For(AllocatorUses use, ProfileSettings settings) =>
        BuiltIn.Where(source => (source.Uses & use) != 0).Concat(settings.Libraries.Select(LibrarySource));

    private static HeapSource<LibraryAllocator> LibrarySource(LibraryName library) => new(
        library.Name,
        AllocatorUses.Pages | AllocatorUses.Blocks | AllocatorUses.Heap,
        () => new LibraryAllocator(MallocLibrary.Load(library)));
}
