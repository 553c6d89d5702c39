namespace NativeVm.Tool.Reports;

/// <summary>What became of one figure of one allocator in one case.</summary>
/// <param name="Case">The workload and its parameters, for people.</param>
/// <param name="Allocator">The allocator.</param>
/// <param name="IsMemory">Whether the figures are bytes that are resident; else they are nanoseconds.</param>
/// <param name="Old">The figure then.</param>
/// <param name="New">The figure now.</param>
/// <param name="IsBeyondNoise">Whether the difference is more than what the same figure differs by from run to run.</param>
internal sealed record ProfileChange(
    string Case, string Allocator, bool IsMemory, double Old, double New, bool IsBeyondNoise)
{
    /// <summary>The change as a share of the old figure; above 0 for the worse.</summary>
    public double Change => (New - Old) / Old;
}
