using System.Globalization;
using NativeVm.Tool.Profiling.Allocators;
using NativeVm.Tool.Profiling.Memory;

namespace NativeVm.Tool.Profiling.Workloads;

/// <summary>Frees a random small block among many that are live and allocates one of another length.</summary>
internal sealed class BlockReplaceWorkload : IWorkload
{
    private const int UsualLive = 1_000_000;
    private const int QuickLive = 100_000;
    private const ulong MeanBytes = (BlockSizes.Smallest + BlockSizes.Largest) / 2;

    /// <inheritdoc/>
    public string Name => "block-replace";

    /// <inheritdoc/>
    public string Description => "free a random block of 16 to 1,024 bytes, allocate another (live)";

    /// <inheritdoc/>
    public IEnumerable<ProfileCase> CreateCases(ProfileSettings settings) => settings
        .LiveOr(settings.IsQuick ? QuickLive : UsualLive)
        .Select(live => new ProfileCase(
            Name,
            live.ToString("N0", CultureInfo.InvariantCulture),
            new Dictionary<string, long> { ["live"] = live },
            MemoryLanes.Of(AllocatorUses.Blocks, settings, new ReplaceMaker(new ReplaceParameters(
                live, BlockSizes.Smallest, BlockSizes.Largest, ReplaceTouch.FirstByte))))
        {
            IsSeparate = true,
            BytesPerLane = (ulong)live * MeanBytes,
        });
}
