using Spectre.Console;

namespace NativeVm.Tool.Reports;

/// <summary>
/// Rows of figures in columns, under headings that are as long as they like. Where the console is too narrow, whole
/// columns are left out, so that what is shown stays in line.
/// </summary>
internal sealed class ColumnTable
{
    private const int Gap = 2;
    private static readonly Style Faint = new(Color.Grey);
    private static readonly Style Strong = new(decoration: Decoration.Bold);

    private readonly string _label;
    private readonly (string Title, int Rank)[] _columns;
    private readonly List<(string? Heading, string Label, string[] Cells)> _rows = [];

    /// <summary>A table without rows.</summary>
    /// <param name="label">What stands over the labels of the rows.</param>
    /// <param name="columns">The columns: what stands over them, and a number; the highest is left out first.</param>
    public ColumnTable(string label, IEnumerable<(string Title, int Rank)> columns)
    {
        _label = label;
        _columns = [.. columns];
    }

    /// <summary>Adds a line over the following rows.</summary>
    /// <param name="heading">The line.</param>
    public void AddHeading(string heading) => _rows.Add((heading, string.Empty, []));

    /// <summary>Adds a row.</summary>
    /// <param name="label">What it is about.</param>
    /// <param name="cells">A text for each column.</param>
    public void AddRow(string label, params string[] cells) => _rows.Add((null, label, cells));

    /// <summary>Prints the table.</summary>
    /// <param name="console">Where to.</param>
    public void Write(IAnsiConsole console)
    {
        int labelWidth = _rows.Where(row => row.Heading is null).Select(row => row.Label.Length).Append(_label.Length).Max();
        int[] widths = [.. _columns.Select((column, i) =>
            _rows.Where(row => row.Heading is null).Select(row => row.Cells[i].Length).Append(column.Title.Length).Max())];
        int[] shown = Shown(labelWidth, widths, console.Profile.Width);
        int width = labelWidth + shown.Sum(i => Gap + widths[i]);
        string rule = new(console.Profile.Capabilities.Unicode ? '─' : '-', width);
        WriteLine(console, Line(_label, i => _columns[i].Title), Faint);
        WriteLine(console, rule, Faint);
        foreach ((string? heading, string label, string[] cells) in _rows)
        {
            WriteLine(console, heading ?? Line(label, i => cells[i]), heading is null ? Style.Plain : Strong);
        }

        console.WriteLine();

        string Line(string first, Func<int, string> cell) =>
            first.PadRight(labelWidth) + string.Concat(shown.Select(i => new string(' ', Gap) + cell(i).PadLeft(widths[i])));
    }

    private int[] Shown(int labelWidth, int[] widths, int consoleWidth)
    {
        List<int> shown = [.. Enumerable.Range(0, widths.Length)];
        while (shown.Count > 1 && labelWidth + shown.Sum(i => Gap + widths[i]) > consoleWidth)
        {
            shown.Remove(shown.MaxBy(i => _columns[i].Rank));
        }

        return [.. shown];
    }

    private static void WriteLine(IAnsiConsole console, string text, Style style) => console.Write(new Text(text + "\n", style));
}
