using System.Globalization;
using NativeVm.Tool.Drawing;
using NativeVm.Tool.Spaces;
using Spectre.Console;

namespace NativeVm.Tool.Reports.Spaces;

/// <summary>Prints an address space: its figures, its picture, and what is in it.</summary>
internal static class SpaceReport
{
    private const int MostNames = 14;
    private const int WidthForRange = 74;
    private const int NarrowestName = 10;
    private static readonly Style Faint = new(Color.Grey);
    private static readonly Style Strong = new(decoration: Decoration.Bold);

    /// <summary>Prints the report.</summary>
    /// <param name="console">Where to.</param>
    /// <param name="space">The address space.</param>
    /// <param name="hasEntries">Whether every entry and every gap is listed, or what is of one name together.</param>
    public static void Write(IAnsiConsole console, AddressSpace space, bool hasEntries)
    {
        console.Write(new Text($"{space.Title}\n", Strong));
        console.Write(new Text($"{Figures(space)}\n", Faint));
        console.WriteLine();
        PictureWriter.Write(console, [.. space.OwnRegions.Select(region => Run(space, region))]);
        if (space.HasResidency)
        {
            console.Write(new Text("The shade tells how much of a cell is in physical memory.\n", Faint));
        }

        console.Write(hasEntries ? Entries(console, space) : Names(console, space));
    }

    /// <summary>One line of figures.</summary>
    /// <param name="space">The address space.</param>
    public static string Figures(AddressSpace space)
    {
        (ulong Start, ulong End)[] gaps = [.. space.Gaps()];
        List<string> parts =
        [
            Quantity.Count(space.Regions.Count, "mapping"),
            $"{Quantity.Bytes(space.Mapped)} mapped",
            $"{Quantity.Bytes(space.Accessible)} accessible",
        ];
        Add(space.Resident, "resident");
        Add(space.PrivateDirty, "private and written");
        Add(space.Huge, "in huge pages");
        Add(space.Locked, "locked");
        Add(space.Swapped, "swapped out");
        if (gaps.Length != 0)
        {
            parts.Add($"{Quantity.Count(gaps.Length, "gap")}, the largest {Quantity.Bytes(gaps.Max(gap => gap.End - gap.Start))}");
        }

        return string.Join(", ", parts);

        void Add(ulong byteCount, string what)
        {
            if (byteCount != 0)
            {
                parts.Add($"{Quantity.Bytes(byteCount)} {what}");
            }
        }
    }

    /// <summary>How a picture shows a region.</summary>
    /// <param name="space">The address space.</param>
    /// <param name="region">A region of it.</param>
    public static PictureRun Run(AddressSpace space, SpaceRegion region) => new(
        region.Start,
        region.End,
        region.Kind,
        space.HasResidency ? Math.Min(1, (double)region.Resident / region.ByteCount) : 1);

    private static Table Names(IAnsiConsole console, AddressSpace space)
    {
        int nameWidth = NameWidth(console, space, taken: 8 + 3);
        var groups = space.Regions
            .GroupBy(SpaceName.Short)
            .Select(group => new AddressSpace(group.Key, [.. group], space.HasResidency))
            .OrderByDescending(group => space.HasResidency ? group.Resident : group.Accessible)
            .ThenByDescending(group => group.Mapped)
            .ToList();
        Table table = NewTable(space, "what", "mappings");
        foreach (AddressSpace group in groups.Take(MostNames))
        {
            AddRow(table, space, group, Cut(group.Title, nameWidth));
        }

        if (groups.Count > MostNames)
        {
            List<AddressSpace> rest = groups[MostNames..];
            AddressSpace others = new(string.Empty, [.. rest.SelectMany(group => group.Regions)], space.HasResidency);
            AddRow(table, space, others, $"({Quantity.Count(rest.Count, "other")}; --entries lists all)");
        }

        return table;
    }

    private static void AddRow(Table table, AddressSpace space, AddressSpace group, string title)
    {
        List<string> cells = [title, Quantity.Count(group.Regions.Count), Quantity.Bytes(group.Mapped)];
        AddFigures(cells, space, group.Resident, group.PrivateDirty, group.Huge);
        table.AddRow([.. cells.Select(cell => new Text(cell))]);
    }

    private static Table Entries(IAnsiConsole console, AddressSpace space)
    {
        bool hasEnd = console.Profile.Width >= WidthForRange + 20;
        Table table = NewTable(space, hasEnd ? "addresses" : "start", "access");
        table.AddColumn(new TableColumn(new Text("what", Faint)) { NoWrap = true });
        int nameWidth = NameWidth(console, space, taken: (hasEnd ? 33 : 16) + 3 + 6 + 3);
        ulong? end = null;
        foreach (SpaceRegion region in space.Regions)
        {
            if (end < region.Start && AddressSpace.IsOwn(region))
            {
                List<string> gap = [string.Empty, string.Empty, Quantity.Bytes(region.Start - end.Value)];
                AddFigures(gap, space, 0, 0, 0);
                table.AddRow([.. gap.Append("gap").Select(cell => new Text(cell, Faint))]);
            }

            string start = region.Start.ToString("x12", CultureInfo.InvariantCulture);
            List<string> cells =
            [
                hasEnd ? $"{start}-{region.End.ToString("x12", CultureInfo.InvariantCulture)}" : start,
                region.AccessText,
                Quantity.Bytes(region.ByteCount),
            ];
            AddFigures(cells, space, region.Resident, region.PrivateDirty, region.Huge);
            cells.Add(Cut(SpaceName.Short(region), nameWidth));
            table.AddRow([.. cells.Select(cell => new Text(cell))]);
            end = region.End;
        }

        return table;
    }

    // What the columns of figures leave of a line.
    private static int NameWidth(IAnsiConsole console, AddressSpace space, int taken)
    {
        const int Between = 3;
        const int FigureWidth = 8 + Between;
        int figureCount = 1 + (space.HasResidency ? 2 : 0) + (space.Huge != 0 ? 1 : 0);
        return Math.Max(NarrowestName, console.Profile.Width - taken - (figureCount * FigureWidth) - Between - 2);
    }

    private static string Cut(string text, int width) => text.Length <= width ? text : $"{text[..(width - 3)]}...";

    private static Table NewTable(AddressSpace space, string first, string second)
    {
        Table table = new() { Border = TableBorder.Simple };
        table.BorderStyle(Faint);
        table.AddColumn(new TableColumn(new Text(first, Faint)) { NoWrap = true, Padding = new Padding(0, 0, 1, 0) });
        table.AddColumn(Number(second));
        table.AddColumn(Number("mapped"));
        if (space.HasResidency)
        {
            table.AddColumn(Number("resident"));
            table.AddColumn(Number("written"));
        }

        if (space.Huge != 0)
        {
            table.AddColumn(Number("huge"));
        }

        return table;
    }

    private static TableColumn Number(string name) =>
        new(new Text(name, Faint)) { Alignment = Justify.Right, NoWrap = true };

    private static void AddFigures(List<string> cells, AddressSpace space, ulong resident, ulong written, ulong huge)
    {
        if (space.HasResidency)
        {
            cells.Add(OrNothing(resident));
            cells.Add(OrNothing(written));
        }

        if (space.Huge != 0)
        {
            cells.Add(OrNothing(huge));
        }
    }

    private static string OrNothing(ulong byteCount) => byteCount == 0 ? string.Empty : Quantity.Bytes(byteCount);
}
