using System.Globalization;
using NativeVm.Tool.Profiling;
using Spectre.Console;

namespace NativeVm.Tool.Reports;

/// <summary>Prints what allocators came to, case by case.</summary>
internal static class ProfileReport
{
    private const string Unknown = "–";
    private static readonly Style Faint = new(Color.Grey);

    // What no lane of the report has a figure for has no column.
    private static readonly Column[] Columns =
    [
        new("median", 0, _ => true, (lane, _) => Quantity.Time(lane.Times.Median)),
        new("spread", 3, _ => true, (lane, _) => Spread(lane.Times.Spread)),
        new("ratio", 1, _ => true, (lane, first) => Quantity.Ratio(lane.Times.Median, first.Times.Median)),
        new("calls", 5, lane => lane.SystemCalls is not null, (lane, _) => PerOperation(lane.SystemCalls)),
        new("faults", 4, lane => lane.PageFaults is not null, (lane, _) => PerOperation(lane.PageFaults)),
        new("resident", 2, lane => lane.ResidentPeak is not null, (lane, _) => lane.ResidentPeak is { } peak ? Quantity.Bytes(peak) : Unknown),
        new("B/entry", 2, lane => lane.BytesPerEntry is not null, (lane, _) => lane.BytesPerEntry?.ToString("0.0", CultureInfo.InvariantCulture) ?? Unknown),
    ];

    /// <summary>Prints the table.</summary>
    /// <param name="console">Where to.</param>
    /// <param name="machine">The machine.</param>
    /// <param name="outcomes">The outcome of each case.</param>
    public static void Write(IAnsiConsole console, MachineInfo machine, IReadOnlyList<ProfileOutcome> outcomes)
    {
        console.Write(new Text($"{machine}\n", Faint));
        ProfileOutcome[] finished = [.. outcomes.Where(one => one.Results.Count != 0)];
        if (finished.Length == 0)
        {
            console.WriteLine("No case was finished.");
            return;
        }

        // Maps have a figure of their own and lack those of memory: they have a table of their own.
        foreach (IGrouping<bool, ProfileOutcome> kind in finished.GroupBy(one => one.Results[0].BytesPerEntry is not null))
        {
            TableOf([.. kind]).Write(console);
        }

        ScalingReport.Write(console, finished);
        foreach (ProfileOutcome one in finished)
        {
            WriteDistributions(console, one);
        }
    }

    private static ColumnTable TableOf(IReadOnlyList<ProfileOutcome> outcomes)
    {
        bool isMaps = outcomes[0].Results[0].BytesPerEntry is not null;
        Column[] columns = [.. Columns.Where(column =>
            outcomes.Any(one => one.Results.Any(column.Has)) && (!isMaps || column.Title is not ("calls" or "faults")))];
        ColumnTable table = new("each operation", columns.Select(column => (column.Title, column.Rank)));
        foreach (ProfileOutcome one in outcomes)
        {
            table.AddHeading($"{one.Case.Workload} {one.Case.Title}");
            foreach (ProfileResult lane in one.Results)
            {
                table.AddRow($"  {lane.Allocator}", [.. columns.Select(column => column.Text(lane, one.Results[0]))]);
            }
        }

        return table;
    }

    private static void WriteDistributions(IAnsiConsole console, ProfileOutcome one)
    {
        foreach (ProfileResult lane in one.Results.Where(lane => lane.Distribution is not null))
        {
            string points = string.Join("  ", lane.Distribution!.Select(point => $"{point.Key} {Quantity.Time(point.Value)}"));
            console.WriteLine(
                $"{one.Case.Workload} {one.Case.Title}, {lane.Allocator}, {Quantity.Count(lane.OperationCount)} operations: {points}");
        }
    }

    private static string Spread(double share) =>
        share > 9.99 ? ">999 %" : string.Create(CultureInfo.InvariantCulture, $"{share * 100:0} %");

    private static string PerOperation(double? count) => count switch
    {
        null => Unknown,
        0 => "0",
        < 0.001 => "<0.001",
        < 0.0995 => count.Value.ToString("0.000", CultureInfo.InvariantCulture),
        < 9.95 => count.Value.ToString("0.0#", CultureInfo.InvariantCulture),
        _ => count.Value.ToString("#,0", CultureInfo.InvariantCulture),
    };

    private sealed record Column(
        string Title, int Rank, Func<ProfileResult, bool> Has, Func<ProfileResult, ProfileResult, string> Text);
}
