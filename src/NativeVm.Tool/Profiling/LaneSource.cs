namespace NativeVm.Tool.Profiling;

/// <summary>Makes a lane when its case begins.</summary>
/// <param name="Allocator">The name of the allocator.</param>
/// <param name="Create">Makes the lane, ready to run.</param>
internal sealed record LaneSource(string Allocator, Func<Lane> Create)
{
    /// <summary>Loads what the lane needs and is not to be counted as the allocator's memory; null for nothing.</summary>
    public Action? Prepare { get; init; }

    /// <summary>Has code compiled that is not to be counted as the allocator's memory either; null for nothing.</summary>
    public Action? Rehearse { get; init; }
}
