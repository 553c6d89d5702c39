using System.Globalization;
using Spectre.Console;

namespace NativeVm.Tool.Reports;

/// <summary>Prints what changed from one profile to another.</summary>
internal static class ComparisonReport
{
    private static readonly Style Faint = new(Color.Grey);
    private static readonly Style Worse = new(Color.Red);
    private static readonly Style Better = new(Color.Green);

    /// <summary>Prints it.</summary>
    /// <param name="console">Where to.</param>
    /// <param name="comparison">The comparison.</param>
    /// <returns>Whether there is a regression.</returns>
    public static bool Write(IAnsiConsole console, ProfileComparison comparison)
    {
        ProfileChange[] changes = [.. comparison.Changes.Where(change => change.IsBeyondNoise)
            .OrderByDescending(change => change.Change)];
        HashSet<ProfileChange> regressions = [.. comparison.Regressions];
        if (changes.Length != 0)
        {
            console.Write(TableOf(changes, regressions));
        }

        string compared = $"{Quantity.Count(comparison.Changes.Count, "figure")} compared";
        console.WriteLine(changes.Length == 0
            ? $"{compared}: nothing changed beyond the noise."
            : $"{compared}, {changes.Length} changed beyond the noise: "
            + $"{changes.Count(change => change.Change < 0)} better, {changes.Count(change => change.Change > 0)} worse, "
            + $"{regressions.Count} of them by more than {Quantity.Percent(comparison.Threshold)}.");
        if (comparison.MissingCount + comparison.AddedCount != 0)
        {
            console.WriteLine(
                $"Not compared: {comparison.MissingCount} rows of the old file that were not run, "
                + $"{comparison.AddedCount} that it does not have.");
        }

        if (comparison.OldMachine is { } machine)
        {
            console.WriteLine($"The old figures are another machine's: {machine}");
        }

        return regressions.Count != 0;
    }

    private static Table TableOf(IReadOnlyList<ProfileChange> changes, HashSet<ProfileChange> regressions)
    {
        Table table = new() { Border = TableBorder.Simple };
        table.BorderStyle(Faint);
        table.AddColumn(new TableColumn(new Text("changed", Faint)).PadLeft(0));
        table.AddColumn(new TableColumn(new Text("allocator", Faint)).NoWrap());
        foreach (string header in (string[])["old", "new", "change"])
        {
            table.AddColumn(new TableColumn(new Text(header, Faint)).RightAligned().NoWrap());
        }

        foreach (ProfileChange change in changes)
        {
            Style style = regressions.Contains(change) ? Worse : change.Change < 0 ? Better : Style.Plain;
            table.AddRow(
                new Text(change.Case),
                new Text(change.Allocator),
                new Text(Figure(change, change.Old)),
                new Text(Figure(change, change.New)),
                new Text(change.Change.ToString("+0.0 %;-0.0 %", CultureInfo.InvariantCulture), style));
        }

        return table;
    }

    private static string Figure(ProfileChange change, double value) =>
        change.IsMemory ? Quantity.Bytes((ulong)value) : Quantity.Time(value);
}
