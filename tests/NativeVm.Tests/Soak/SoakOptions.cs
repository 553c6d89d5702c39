using NativeVm.Platform;

namespace NativeVm.Tests.Soak;

/// <summary>How a mixed load is run.</summary>
internal sealed record SoakOptions
{
    /// <summary>Threads at a time.</summary>
    public int LaneCount { get; init; } = Math.Max(6, 2 * Environment.ProcessorCount);

    /// <summary>What the random operations follow from; equal seeds give equal choices, though not equal interleavings.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Where pages come from.</summary>
    public VmPlatform Platform { get; init; } = VmPlatform.Current;

    /// <summary>Blocks that a lane holds of each shared allocator, at most.</summary>
    public int BlocksPerLane { get; init; } = 600;
}
