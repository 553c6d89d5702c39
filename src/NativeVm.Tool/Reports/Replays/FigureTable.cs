using NativeVm.Tool.Replay;
using Spectre.Console;

namespace NativeVm.Tool.Reports.Replays;

/// <summary>Figures side by side, one column for each target, and of two the ratio of the first to the second.</summary>
internal sealed class FigureTable
{
    private static readonly Style Faint = new(Color.Grey);
    private readonly Table _table = new() { Border = TableBorder.Simple, ShowHeaders = true };
    private readonly int _targetCount;

    /// <summary>A table without figures.</summary>
    /// <param name="names">The names of the targets.</param>
    public FigureTable(IReadOnlyList<string> names)
    {
        _targetCount = names.Count;
        _table.BorderStyle(Faint);
        _table.AddColumn(new TableColumn(string.Empty).NoWrap().PadLeft(0));
        foreach (string name in names)
        {
            _table.AddColumn(new TableColumn(new Text(name)).RightAligned().NoWrap());
        }

        if (HasRatio)
        {
            _table.AddColumn(new TableColumn(new Text("ratio", Faint)).RightAligned().NoWrap());
        }
    }

    private bool HasRatio => _targetCount == 2;

    /// <summary>The table.</summary>
    public Table Build() => _table;

    /// <summary>Adds a line that heads the following ones.</summary>
    /// <param name="text">The heading.</param>
    public void AddHeading(string text) =>
        _table.AddRow([new Text(text, Faint), .. Enumerable.Repeat(Text.Empty, _table.Columns.Count - 1)]);

    /// <summary>Adds numbers.</summary>
    /// <param name="label">What they are.</param>
    /// <param name="runs">The runs.</param>
    /// <param name="figure">The number of a run.</param>
    public void AddCounts(string label, IReadOnlyList<ReplayRun> runs, Func<ReplayRun, long> figure) =>
        Add(label, runs, run => figure(run), run => Quantity.Count(figure(run)));

    /// <summary>Adds times.</summary>
    /// <param name="label">What they are.</param>
    /// <param name="runs">The runs.</param>
    /// <param name="figure">The time of a run.</param>
    public void AddTimes(string label, IReadOnlyList<ReplayRun> runs, Func<ReplayRun, TimeSpan> figure) =>
        Add(label, runs, run => figure(run).TotalNanoseconds, run => Quantity.Time(figure(run)));

    /// <summary>Adds times.</summary>
    /// <param name="label">What they are.</param>
    /// <param name="runs">The runs.</param>
    /// <param name="figure">The time of a run, in nanoseconds.</param>
    public void AddNanoseconds(string label, IReadOnlyList<ReplayRun> runs, Func<ReplayRun, double> figure) =>
        Add(label, runs, figure, run => Quantity.Time(figure(run)));

    /// <summary>Adds numbers of bytes.</summary>
    /// <param name="label">What they are.</param>
    /// <param name="runs">The runs.</param>
    /// <param name="figure">The number of a run.</param>
    public void AddBytes(string label, IReadOnlyList<ReplayRun> runs, Func<ReplayRun, ulong> figure) =>
        Add(label, runs, run => figure(run), run => Quantity.Bytes(figure(run)));

    /// <summary>Adds figures whose ratio says nothing.</summary>
    /// <param name="label">What they are.</param>
    /// <param name="runs">The runs.</param>
    /// <param name="text">The figure of a run.</param>
    public void AddTexts(string label, IReadOnlyList<ReplayRun> runs, Func<ReplayRun, string> text) =>
        Add(label, runs, _ => 0, text);

    private void Add(string label, IReadOnlyList<ReplayRun> runs, Func<ReplayRun, double> value, Func<ReplayRun, string> text)
    {
        List<Text> cells = [new Text(label), .. runs.Select(run => new Text(text(run)))];
        if (HasRatio)
        {
            double second = value(runs[1]);
            cells.Add(new Text(second > 0 ? Quantity.Ratio(value(runs[0]), second) : string.Empty, Faint));
        }

        _table.AddRow(cells);
    }
}
