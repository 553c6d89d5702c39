using System.Globalization;
using NativeVm.Tool.Profiling.Allocators;
using NativeVm.Tool.Profiling.Memory;
using NativeVm.Tool.Reports;

namespace NativeVm.Tool.Profiling.Workloads;

/// <summary>
/// Frees a random run of pages among many that are live and allocates one of another length, from half to one and a
/// half times a size: what fragments an address space.
/// </summary>
/// <param name="isTouched">Whether the pages are touched, so that memory counts as well as addresses.</param>
internal sealed class PageReplaceWorkload(bool isTouched) : IWorkload
{
    private const int UsualLive = 10_000;
    private const ulong MostUntouchedBytes = 1UL << 30;

    /// <inheritdoc/>
    public string Name => isTouched ? "page-replace-touched" : "page-replace";

    /// <inheritdoc/>
    public string Description => isTouched
        ? "the same, a byte written to each page"
        : "free a random run among many, allocate another, ±50 % of the size (live runs)";

    /// <inheritdoc/>
    public bool IsInQuick => isTouched;

    /// <inheritdoc/>
    public IEnumerable<ProfileCase> CreateCases(ProfileSettings settings) =>
        from size in isTouched
            ? settings.SizesBetween(2, ulong.MaxValue, 64 << 10)
            : settings.SizesBetween(2, ulong.MaxValue, 64 << 10, 1 << 20, 4 << 20)
        from live in settings.LiveOr(settings.IsQuick && isTouched ? UsualLive / 10 : UsualLive)
        select Case(settings, size, live);

    private ProfileCase Case(ProfileSettings settings, ulong size, int live)
    {
        ulong bytes = size * (ulong)live;
        ReplaceParameters parameters = new(
            live, (nuint)(size / 2), (nuint)(size + (size / 2)), isTouched ? ReplaceTouch.EveryPage : ReplaceTouch.Nothing);

        // Arrays are memory whether touched or not: with many of them that would be another workload.
        AllocatorUses without = !isTouched && bytes > MostUntouchedBytes ? AllocatorUses.CommitsAll : AllocatorUses.None;
        return new ProfileCase(
            Name,
            string.Create(CultureInfo.InvariantCulture, $"{Quantity.Bytes(size)} ({live:N0})"),
            new Dictionary<string, long> { ["bytes"] = (long)size, ["live"] = live },
            MemoryLanes.Of(AllocatorUses.Pages, settings, new ReplaceMaker(parameters), without))
        {
            IsSeparate = true,
            BytesPerLane = isTouched ? bytes : 0,
        };
    }
}
