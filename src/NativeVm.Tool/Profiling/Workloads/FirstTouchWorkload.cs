using NativeVm.Platform;
using NativeVm.Tool.Profiling.Memory;
using NativeVm.Tool.Reports;

namespace NativeVm.Tool.Profiling.Workloads;

/// <summary>Makes fresh pages resident: by touching them or by one call, with huge pages and without.</summary>
internal sealed class FirstTouchWorkload : IWorkload
{
    private const ulong UsualBytes = 16 << 20;

    /// <inheritdoc/>
    public string Name => "first-touch";

    /// <inheritdoc/>
    public string Description => "make a fresh page resident, with huge pages and prefault or without";

    /// <inheritdoc/>
    public IEnumerable<ProfileCase> CreateCases(ProfileSettings settings)
    {
        VmPlatform platform = VmPlatform.Current;
        ulong huge = Math.Max(platform.HugePageSize, platform.PageSize);
        return settings.SizesBetween(huge, ulong.MaxValue, UsualBytes)
            .Where(size => size % huge == 0)
            .Select(size => new ProfileCase(
                Name,
                Quantity.Bytes(size),
                new Dictionary<string, long> { ["bytes"] = (long)size },
                [.. Lanes(platform, (nuint)size)])
            {
                IsSeparate = true,
            });
    }

    private static IEnumerable<LaneSource> Lanes(VmPlatform platform, nuint byteCount)
    {
        yield return Lane("touch", hasHugePages: false, isPrefaulted: false);
        yield return Lane("prefault", hasHugePages: false, isPrefaulted: true);
        if (platform.Supports(PageAdvice.HugePages))
        {
            yield return Lane("huge", hasHugePages: true, isPrefaulted: false);
            yield return Lane("huge prefault", hasHugePages: true, isPrefaulted: true);
        }

        LaneSource Lane(string name, bool hasHugePages, bool isPrefaulted) =>
            new(name, () => new FirstTouchLane(platform, byteCount, hasHugePages, isPrefaulted));
    }
}
