using NativeVm.Tool.Profiling.Allocators;
using NativeVm.Tool.Profiling.Memory;

namespace NativeVm.Tool.Profiling.Workloads;

/// <summary>Takes 24 bytes after 24 bytes from an arena, and all of them back at once.</summary>
internal sealed class BumpWorkload : IWorkload
{
    /// <inheritdoc/>
    public string Name => "bump";

    /// <inheritdoc/>
    public string Description => "24 bytes from an arena, or from a pointer moved by hand";

    /// <inheritdoc/>
    public IEnumerable<ProfileCase> CreateCases(ProfileSettings settings) =>
    [
        new ProfileCase(
            Name,
            "24 B",
            new Dictionary<string, long> { ["bytes"] = BumpLane<PointerBump>.PieceByteCount },
            [
                new(AllocatorRegistry.Ours, () => new BumpLane<ArenaBump>(ArenaBump.Create(isZeroed: false))),
                new("NativeVm zeroed", () => new BumpLane<ArenaBump>(ArenaBump.Create(isZeroed: true))),
                new("pointer", () => new BumpLane<PointerBump>(new PointerBump())),
            ])
        {
            IsSeparate = true,
        },
    ];
}
