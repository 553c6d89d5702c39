using NativeVm.Platform;
using NativeVm.Tool.Drawing;
using NativeVm.Tool.Replay;
using NativeVm.Tool.Replay.Script;
using NativeVm.Tool.Traces;
using Spectre.Console;

namespace NativeVm.Tool.Reports;

/// <summary>Prints what a replay came to: the trace, the picture of the map, the figures side by side.</summary>
internal static class ReplayReport
{
    // A run allocates a little of its own: samples, code that is compiled, the records of the map.
    private const int ResidentTolerance = 2 << 20;
    private const int MappingTolerance = 8;

    private static readonly Style Faint = new(Color.Grey);
    private static readonly Style Strong = new(decoration: Decoration.Bold);

    /// <summary>Prints the whole report.</summary>
    /// <param name="console">Where to.</param>
    /// <param name="trace">The trace.</param>
    /// <param name="script">What was replayed of it.</param>
    /// <param name="runs">A run for each target; the first one is the map's.</param>
    public static void Write(IAnsiConsole console, Trace trace, ReplayScript script, IReadOnlyList<ReplayRun> runs)
    {
        WriteTrace(console, trace, script);
        WritePicture(console, script, runs[0]);
        console.Write(Figures(runs));
        WriteRefusals(console, runs);
        WriteWhatIsLeft(console, runs);
    }

    private static void WriteTrace(IAnsiConsole console, Trace trace, ReplayScript script)
    {
        console.Write(new Text($"{trace.Name}\n", Strong));
        Grid grid = new();
        grid.AddColumn(new GridColumn().NoWrap().PadLeft(0).PadRight(2));
        grid.AddColumn(new GridColumn().PadLeft(0).PadRight(0));
        string spaces = script.AddressSpaceCount == 0
            ? string.Empty
            : $", {Quantity.Count(script.AddressSpaceCount, "address space")}";
        Add("trace", $"{Quantity.Count(trace.Tally.LineCount, "line")}{spaces}");
        Add("replayed", Replayed(script));
        string skipped = string.Join(", ", trace.Tally.Skipped()
            .Select(pair => $"{Quantity.Count(pair.Count)} {LineTally.Describe(pair.Reason)}"));
        Add("left out", skipped.Length == 0 ? "nothing" : skipped);
        if (script.WriteExecuteCount != 0)
        {
            string requests = Quantity.Count(script.WriteExecuteCount, "request");
            Add("changed", $"{requests} for memory writable and executable at once: replayed as read-write");
        }

        if (script.RemapCount != 0)
        {
            Add("changed", $"{Quantity.Count(script.RemapCount, "mremap")}: replayed as a new mapping and the removal of the old");
        }

        if (trace.IsCutOff)
        {
            Add("note", "the trace ends in the middle of a line: it was cut off, and that line is not used");
        }

        console.Write(grid);
        console.WriteLine();

        void Add(string label, string text) => grid.AddRow(new Text(label, Faint), new Text(text));
    }

    private static string Replayed(ReplayScript script)
    {
        (ReplayStepKind Kind, string One, string Many)[] kinds =
        [
            (ReplayStepKind.Map, "mapping", "mappings"),
            (ReplayStepKind.Replace, "replacement", "replacements"),
            (ReplayStepKind.Protect, "change of protection", "changes of protection"),
            (ReplayStepKind.Discard, "discard", "discards"),
            (ReplayStepKind.Unmap, "unmapping", "unmappings"),
        ];
        IEnumerable<string> counts = kinds
            .Select(kind => (Count: script.Count(kind.Kind), kind.One, kind.Many))
            .Where(kind => kind.Count != 0)
            .Select(kind => Quantity.Count(kind.Count, kind.One, kind.Many));
        return $"{string.Join(", ", counts)}; {Quantity.Bytes(script.TouchedByteCount)} of pages to touch";
    }

    private static void WritePicture(IAnsiConsole console, ReplayScript script, ReplayRun run)
    {
        LayoutFigures layout = LayoutFigures.Of(run.FullestLayout);
        Paragraph title = new();
        title.Append($"{run.TargetName} at its fullest\n", Strong);
        string mapped = layout.MappedByteCount == layout.AccessibleByteCount
            ? string.Empty
            : $", {Quantity.Bytes(layout.MappedByteCount)} mapped";
        string moment = Quantity.Percent((double)script.FullestStep / script.Steps.Length);
        title.Append(
            $"{Quantity.Bytes(layout.AccessibleByteCount)} in use{mapped}, {Quantity.Count(layout.RangeCount, "range")}, "
            + $"{moment} of the way\n",
            Faint);
        console.Write(title);
        PictureWriter.Write(
            console,
            [.. run.FullestLayout.Select(range => new PictureRun(range.Start, range.End, Kind(range.Protection)))]);
        console.WriteLine();
    }

    private static CellKind Kind(PageProtection protection) => protection switch
    {
        PageProtection.None => CellKind.Reserved,
        PageProtection.Read => CellKind.ReadOnly,
        _ when protection.HasFlag(PageProtection.Execute) => CellKind.Executable,
        _ => CellKind.ReadWrite,
    };

    private static Table Figures(IReadOnlyList<ReplayRun> runs)
    {
        FigureTable table = new([.. runs.Select(run => run.TargetName)]);
        table.AddCounts("calls", runs, run => run.CallCount);
        if (runs.Any(run => run.RefusedCount != 0))
        {
            table.AddCounts("calls refused", runs, run => run.RefusedCount);
        }

        table.AddTimes("time in calls", runs, run => run.CallTime);
        table.AddTimes("time touching pages", runs, run => run.TouchTime);
        table.AddTimes("time in all", runs, run => run.Time);
        table.AddCounts("system calls", runs, run => run.SystemCallCount);
        table.AddHeading("at its fullest");
        table.AddBytes("address span", runs, run => LayoutFigures.Of(run.FullestLayout).SpanByteCount);
        table.AddBytes("free in the span", runs, run => LayoutFigures.Of(run.FullestLayout).FreeByteCount);
        table.AddBytes("largest gap", runs, run => LayoutFigures.Of(run.FullestLayout).LargestGapByteCount);
        table.AddTexts("fragmentation", runs, run => Quantity.Percent(LayoutFigures.Of(run.FullestLayout).Fragmentation));
        table.AddCounts("mappings", runs, run => run.MappingGrowth);
        table.AddBytes("resident peak", runs, run => run.PeakResidentGrowth);
        table.AddHeading("when all is removed");
        table.AddTexts("resident before", runs, run => Quantity.Bytes(run.Start.ResidentByteCount));
        table.AddTexts("resident after", runs, run => Quantity.SignedBytes(run.ResidentLeft));
        table.AddTexts("mappings before", runs, run => Quantity.Count((long)run.Start.MappingCount));
        table.AddTexts("mappings after", runs, run => Quantity.SignedCount(run.MappingsLeft));
        return table.Build();
    }

    private static void WriteWhatIsLeft(IAnsiConsole console, IReadOnlyList<ReplayRun> runs)
    {
        foreach (ReplayRun run in runs)
        {
            bool isBack = nint.Abs(run.ResidentLeft) <= ResidentTolerance && nint.Abs(run.MappingsLeft) <= MappingTolerance;
            string verdict = isBack ? "is back where it began" : "is not back where it began";
            console.Write(new Text(
                $"{run.TargetName}: the process {verdict} (within {Quantity.Bytes(ResidentTolerance)} and "
                + $"{Quantity.Count(MappingTolerance, "mapping")}).\n",
                isBack ? Faint : Strong));
        }
    }

    private static void WriteRefusals(IAnsiConsole console, IReadOnlyList<ReplayRun> runs)
    {
        foreach (ReplayRun run in runs.Where(run => run.FirstRefusal is not null))
        {
            console.Write(new Text($"{run.TargetName}, first refusal: {run.FirstRefusal}\n"));
        }
    }
}
