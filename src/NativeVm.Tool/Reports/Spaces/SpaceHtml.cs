using NativeVm.Tool.Drawing;
using NativeVm.Tool.Reports.Html;
using NativeVm.Tool.Reports.Html.Model;
using NativeVm.Tool.Spaces;

namespace NativeVm.Tool.Reports.Spaces;

/// <summary>The page of an address space, which may have been looked at many times.</summary>
internal sealed class SpaceHtml
{
    private const int MostNames = 12;
    private const string Time = "Seconds";

    private readonly SpaceRecorder _recorder = new();
    private readonly List<string> _labels = [string.Empty];
    private readonly Dictionary<string, int> _labelNumbers = [];
    private readonly List<double> _times = [];
    private readonly List<AddressSpace> _spaces = [];

    /// <summary>Adds what was seen at a moment.</summary>
    /// <param name="time">Since the first moment.</param>
    /// <param name="space">What was seen.</param>
    public void Add(TimeSpan time, AddressSpace space)
    {
        _times.Add(Math.Round(time.TotalSeconds, 2));
        _recorder.Add(space.OwnRegions.Select(region => (SpaceReport.Run(space, region), Label(region))));

        // Of earlier moments only the sums are shown; their entries must not pile up while one watches for hours.
        _spaces.Add(space);
        if (_spaces.Count > 1)
        {
            _spaces[^2] = _spaces[^2] with { Regions = [Total(_spaces[^2])] };
        }
    }

    /// <summary>Makes the report.</summary>
    /// <param name="machine">The machine.</param>
    public HtmlReport Build(MachineInfo machine)
    {
        AddressSpace space = _spaces[^1];
        List<HtmlSection> sections =
        [
            new SpaceSection(Time, _times, [new SpaceLane(space.Title, _recorder.Rectangles(hasLabels: true))])
            {
                Title = "Address space",
                Note = SpaceReport.Figures(space),
                Labels = _labels,
            },
        ];
        if (_times.Count > 1)
        {
            sections.Add(Lines("Memory", ("accessible", one => one.Accessible), ("resident", one => one.Resident)));
            sections.Add(Lines("Resident", ("resident", one => one.Resident), ("written", one => one.PrivateDirty)));
        }

        sections.Add(LargestNames(space));
        sections.Add(Entries(space));
        sections.Add(MachineFacts.Of(machine));
        return new HtmlReport(
            space.Title,
            $"Address space, {MachineFacts.Time(machine)}",
            "Made by nativevm map.",
            [new HtmlGroup(string.Empty, string.Empty, sections)]);
    }

    private static SpaceRegion Total(AddressSpace space) => new(0, space.Accessible, Traces.TraceProtection.Read)
    {
        Resident = space.Resident,
        PrivateDirty = space.PrivateDirty,
    };

    private LinesSection Lines(string title, params (string Name, Func<AddressSpace, ulong> Of)[] figures) => new(
        HtmlUnit.Bytes,
        "bytes",
        Time,
        _times,
        [.. figures.Select(figure => new HtmlSeries(figure.Name, [.. _spaces.Select(space => (double?)figure.Of(space))]))])
    {
        Title = title,
    };

    private static BarsSection LargestNames(AddressSpace space)
    {
        List<AddressSpace> groups =
        [
            .. space.Regions
                .GroupBy(SpaceName.Short)
                .Select(group => new AddressSpace(group.Key, [.. group], space.HasResidency))
                .OrderByDescending(group => space.HasResidency ? group.Resident : group.Accessible)
                .Take(MostNames),
        ];
        List<HtmlSeries> series = space.HasResidency
            ?
            [
                new HtmlSeries("resident", [.. groups.Select(group => (double?)group.Resident)]),
                new HtmlSeries("written", [.. groups.Select(group => (double?)group.PrivateDirty)]),
            ]
            : [new HtmlSeries("accessible", [.. groups.Select(group => (double?)group.Accessible)])];
        return new BarsSection(HtmlUnit.Bytes, "bytes", "What", [.. groups.Select(group => group.Title)], series)
        {
            Title = space.HasResidency ? "What is in physical memory" : "What takes the most addresses",
        };
    }

    // Columns of figures that no entry has are left out.
    private static TableSection Entries(AddressSpace space)
    {
        (HtmlColumn Column, Func<SpaceRegion, HtmlCell> Cell, bool IsThere)[] columns =
        [
            (new("Start", HtmlUnit.Address), region => (double)region.Start, true),
            (new("End", HtmlUnit.Address), region => (double)region.End, true),
            (new("Access", HtmlUnit.Text), region => region.AccessText, true),
            (new("Mapped", HtmlUnit.Bytes), region => (double)region.ByteCount, true),
            (new("Resident", HtmlUnit.Bytes), region => OrNothing(region.Resident), space.HasResidency),
            (new("Written", HtmlUnit.Bytes), region => OrNothing(region.PrivateDirty), space.PrivateDirty != 0),
            (new("Huge", HtmlUnit.Bytes), region => OrNothing(region.Huge), space.Huge != 0),
            (new("Locked", HtmlUnit.Bytes), region => OrNothing(region.Locked), space.Locked != 0),
            (new("Swapped", HtmlUnit.Bytes), region => OrNothing(region.Swapped), space.Swapped != 0),
            (new("What", HtmlUnit.Text), region => SpaceName.Full(region), true),
        ];
        columns = [.. columns.Where(column => column.IsThere)];
        return new TableSection(
            [.. columns.Select(column => column.Column)],
            [.. space.Regions.Select(region => columns.Select(column => column.Cell(region)).ToArray())])
        {
            Title = "Entries",
        };
    }

    private static double? OrNothing(ulong byteCount) => byteCount == 0 ? null : byteCount;

    private int Label(SpaceRegion region)
    {
        string name = $"{region.AccessText} {SpaceName.Full(region)}";
        if (!_labelNumbers.TryGetValue(name, out int number))
        {
            number = _labels.Count;
            _labels.Add(name);
            _labelNumbers.Add(name, number);
        }

        return number;
    }
}
