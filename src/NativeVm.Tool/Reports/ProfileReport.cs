using NativeVm.Tool.Profiling;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace NativeVm.Tool.Reports;

/// <summary>Prints what allocators came to, case by case.</summary>
internal static class ProfileReport
{
    private static readonly Style Faint = new(Color.Grey);

    /// <summary>Prints the table.</summary>
    /// <param name="console">Where to.</param>
    /// <param name="machine">The machine.</param>
    /// <param name="results">The results of each case.</param>
    public static void Write(
        IAnsiConsole console,
        MachineInfo machine,
        IReadOnlyList<(ProfileCase Case, IReadOnlyList<ProfileResult> Results)> results)
    {
        console.Write(new Text($"{machine}\n", Faint));
        if (results.Count == 0)
        {
            console.WriteLine("No case was finished.");
            return;
        }

        bool hasEntries = results.Any(one => one.Results.Any(result => result.BytesPerEntry is not null));
        Table table = new() { Border = TableBorder.Simple };
        table.BorderStyle(Faint);
        table.AddColumn(new TableColumn(new Text("time an operation", Faint)).NoWrap().PadLeft(0));
        foreach (string header in (string[])["median", "min", "p99", "ratio"])
        {
            table.AddColumn(new TableColumn(new Text(header, Faint)).RightAligned().NoWrap());
        }

        if (hasEntries)
        {
            table.AddColumn(new TableColumn(new Text("bytes/entry", Faint)).RightAligned().NoWrap());
        }

        foreach ((ProfileCase one, IReadOnlyList<ProfileResult> lanes) in results)
        {
            table.AddRow([
                new Text($"{one.Workload} {one.Title}", new Style(decoration: Decoration.Bold)),
                .. Enumerable.Repeat(Text.Empty, table.Columns.Count - 1)]);
            foreach (ProfileResult lane in lanes)
            {
                table.AddRow(Row(lane, lanes[0], hasEntries));
            }
        }

        console.Write(table);
        foreach ((ProfileCase one, IReadOnlyList<ProfileResult> lanes) in results)
        {
            WriteDistributions(console, one, lanes);
        }
    }

    private static void WriteDistributions(IAnsiConsole console, ProfileCase one, IReadOnlyList<ProfileResult> lanes)
    {
        foreach (ProfileResult lane in lanes.Where(lane => lane.Distribution is not null))
        {
            string points = string.Join("  ", lane.Distribution!.Select(point => $"{point.Key} {Quantity.Time(point.Value)}"));
            console.WriteLine($"{one.Workload} {one.Title}, {lane.Allocator}, {lane.OperationCount:N0} operations: {points}");
        }
    }

    private static IEnumerable<IRenderable> Row(ProfileResult lane, ProfileResult first, bool hasEntries)
    {
        yield return new Text($"  {lane.Allocator}");
        yield return new Text(Quantity.Time(lane.Times.Median));
        yield return new Text(Quantity.Time(lane.Times.Min));
        yield return new Text(Quantity.Time(lane.Times.P99));
        yield return new Text(Quantity.Ratio(lane.Times.Median, first.Times.Median));
        if (hasEntries)
        {
            yield return new Text(lane.BytesPerEntry is { } bytes
                ? bytes.ToString("0.0", System.Globalization.CultureInfo.InvariantCulture)
                : string.Empty);
        }
    }
}
