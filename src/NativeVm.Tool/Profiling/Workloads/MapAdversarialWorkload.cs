using System.Globalization;
using NativeVm.Tool.Profiling.Maps;

namespace NativeVm.Tool.Profiling.Workloads;

/// <summary>Searches in maps made to mislead: every gap but the last is a page short, or misaligned.</summary>
internal sealed class MapAdversarialWorkload : IWorkload
{
    private static readonly AdversarialCase[] Kinds =
    [
        AdversarialCase.OneShort,
        AdversarialCase.Misaligned(7),
        AdversarialCase.Misaligned(8),
        AdversarialCase.Misaligned(900),
        AdversarialCase.Misaligned(1 << 18),
    ];

    /// <inheritdoc/>
    public string Name => "map-adversarial";

    /// <inheritdoc/>
    public string Description => "search where all gaps but the last are a page short, or misaligned (entries/alignment)";

    /// <inheritdoc/>
    public bool IsInQuick => false;

    /// <inheritdoc/>
    public IEnumerable<ProfileCase> CreateCases(ProfileSettings settings) =>
        from live in settings.LiveOr(MapLive.Usual)
        from kind in Kinds
        select new ProfileCase(
            Name,
            string.Create(CultureInfo.InvariantCulture, $"{live / 1000.0:0.###}k/{kind.Alignment}"),
            new Dictionary<string, long>
            {
                ["live"] = live,
                ["pages"] = (long)kind.PageCount,
                ["alignmentPages"] = (long)kind.Alignment,
            },
            SpaceMapRegistry.Lanes(live, kind.SpanPageCount(live), new Maker(kind), isExact: true));

    private sealed class Maker(AdversarialCase kind) : ILaneMaker
    {
        public Lane Make<TMap>(TMap map, int live)
            where TMap : struct, ISpaceMap => new MapAdversarialLane<TMap>(map, live, kind);
    }
}
