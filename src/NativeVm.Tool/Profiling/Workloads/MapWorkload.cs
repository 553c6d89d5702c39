using System.Globalization;
using NativeVm.Tool.Profiling.Maps;

namespace NativeVm.Tool.Profiling.Workloads;

/// <summary>A workload over maps with many entries, in which no system call is made.</summary>
/// <param name="name">The name by which the command line chooses it.</param>
/// <param name="description">What one operation is.</param>
/// <param name="maker">Makes its lanes.</param>
internal sealed class MapWorkload(string name, string description, ILaneMaker maker) : IWorkload
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public string Description => description;

    /// <inheritdoc/>
    public bool IsInQuick { get; init; }

    /// <summary>Whether a lane that does nothing runs beside the others, to tell what the machine adds to them.</summary>
    public bool ShowsMachine { get; init; }

    /// <inheritdoc/>
    public IEnumerable<ProfileCase> CreateCases(ProfileSettings settings) => settings.LiveOr(MapLive.Usual).Select(live => new ProfileCase(
        Name,
        live.ToString("N0", CultureInfo.InvariantCulture),
        new Dictionary<string, long> { ["live"] = live },
        [
            .. SpaceMapRegistry.Lanes(live, RandomFill.PageCount(live), maker),
            .. ShowsMachine ? [new LaneSource("no memory", static () => new IdleLane())] : Array.Empty<LaneSource>(),
        ]));
}
