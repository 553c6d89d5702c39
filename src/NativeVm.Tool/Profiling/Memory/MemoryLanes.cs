using NativeVm.Tool.Profiling.Allocators;

namespace NativeVm.Tool.Profiling.Memory;

/// <summary>The lanes of a workload over allocators of memory.</summary>
internal static class MemoryLanes
{
    /// <summary>A lane for each allocator of a use.</summary>
    /// <param name="use">The use.</param>
    /// <param name="settings">Names the libraries.</param>
    /// <param name="maker">Makes the lanes.</param>
    /// <param name="without">Allocators that are left out.</param>
    public static IReadOnlyList<LaneSource> Of(
        AllocatorUses use, ProfileSettings settings, IMemoryLaneMaker maker, AllocatorUses without = AllocatorUses.None) =>
        [.. AllocatorRegistry.For(use, settings)
            .Where(source => (source.Uses & without) == 0)
            .Select(source => new LaneSource(source.Name, () => source.MakeLane(maker)) { Rehearse = source.Rehearse })];
}
