using NativeVm.Tool.Profiling.Allocators;
using NativeVm.Tool.Profiling.Memory;
using NativeVm.Tool.Reports;

namespace NativeVm.Tool.Profiling.Workloads;

/// <summary>Allocates a run of pages, writes a byte to each, and frees it: what a large short-lived buffer costs.</summary>
internal sealed class PageTouchWorkload : IWorkload
{
    /// <inheritdoc/>
    public string Name => "page-touch";

    /// <inheritdoc/>
    public string Description => "allocate a run of pages, write a byte to each page, free the run";

    /// <inheritdoc/>
    public bool IsInQuick => false;

    /// <inheritdoc/>
    public IEnumerable<ProfileCase> CreateCases(ProfileSettings settings) => settings
        .SizesBetween(1, ulong.MaxValue, 64 << 10, 4 << 10, 1 << 20, 4 << 20)
        .Select(size => new ProfileCase(
            Name,
            Quantity.Bytes(size),
            new Dictionary<string, long> { ["bytes"] = (long)size },
            MemoryLanes.Of(AllocatorUses.Pages, settings, new TouchMaker((nuint)size)))
        {
            IsSeparate = true,
        });
}
