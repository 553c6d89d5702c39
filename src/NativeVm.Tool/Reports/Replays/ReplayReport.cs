using NativeVm.Tool.Commands;
using NativeVm.Tool.Drawing;
using NativeVm.Tool.Replay;
using NativeVm.Tool.Traces;
using Spectre.Console;

namespace NativeVm.Tool.Reports.Replays;

/// <summary>Prints what a replay came to: the trace, a picture, the figures side by side and through time.</summary>
internal static class ReplayReport
{
    // A run allocates a little of its own: samples, code that is compiled, the records of the map.
    private const int ResidentTolerance = 2 << 20;
    private const int MappingTolerance = 8;

    private static readonly Style Faint = new(Color.Grey);
    private static readonly Style Strong = new(decoration: Decoration.Bold);

    /// <summary>Prints the whole report.</summary>
    /// <param name="console">Where to.</param>
    /// <param name="outcome">What the replay came to.</param>
    public static void Write(IAnsiConsole console, ReplayOutcome outcome)
    {
        WriteTrace(console, outcome.Subject);
        if (outcome.Runs.Count != 0)
        {
            WritePicture(console, outcome.Subject, outcome.Runs[0]);
            console.Write(outcome.Subject.IsHeap ? HeapFigures(outcome.Runs) : MemoryFigures(outcome.Runs));
            ReplaySeries.Write(console, outcome.Runs);
            WriteRefusals(console, outcome.Runs);
        }

        if (!outcome.Subject.IsHeap)
        {
            WriteWhatIsLeft(console, outcome.Runs);
        }

        foreach (ToolException failure in outcome.Failures)
        {
            console.Write(new Text($"Not run: {failure.Message}\n", Strong));
        }
    }

    private static void WriteTrace(IAnsiConsole console, ReplaySubject subject)
    {
        AnyTrace trace = subject.Trace;
        console.Write(new Text($"{trace.Name}\n", Strong));
        Grid grid = new();
        grid.AddColumn(new GridColumn().NoWrap().PadLeft(0).PadRight(2));
        grid.AddColumn(new GridColumn().PadLeft(0).PadRight(0));
        int spaceCount = subject.Script?.AddressSpaceCount ?? 0;
        string spaces = spaceCount == 0 ? string.Empty : $", {Quantity.Count(spaceCount, "address space")}";
        Add("trace", $"{Quantity.Count(trace.Tally.LineCount, "line")}{spaces}");
        Add("replayed", subject.Describe());
        string skipped = string.Join(", ", trace.Tally.Skipped()
            .Select(pair => $"{Quantity.Count(pair.Count)} {LineTally.Describe(pair.Reason)}"));
        Add("left out", skipped.Length == 0 ? "nothing" : skipped);
        if (subject.Script is { WriteExecuteCount: not 0 } script)
        {
            string requests = Quantity.Count(script.WriteExecuteCount, "request");
            Add("changed", $"{requests} for memory writable and executable at once: replayed as read-write");
        }

        if (subject.Script is { RemapCount: not 0 } moving)
        {
            Add("changed", $"{Quantity.Count(moving.RemapCount, "mremap")}: replayed as a new mapping and the removal of the old");
        }

        if (trace.IsCutOff)
        {
            Add("note", "the trace ends in the middle of a line: it was cut off, and that line is not used");
        }

        console.Write(grid);
        console.WriteLine();

        void Add(string label, string text) => grid.AddRow(new Text(label, Faint), new Text(text));
    }

    private static void WritePicture(IAnsiConsole console, ReplaySubject subject, ReplayRun run)
    {
        Paragraph title = new();
        title.Append($"{run.TargetName} at its fullest\n", Strong);
        ReplaySample fullest = run.Samples[Math.Max(0, run.FullestSample)];
        string moment = Quantity.Percent((double)fullest.StepCount / subject.StepCount);
        if (subject.IsHeap)
        {
            title.Append(
                $"{Quantity.Bytes(fullest.LiveByteCount)} live, {moment} of the way; the shade tells how much of a cell is live\n",
                Faint);
        }
        else
        {
            LayoutFigures layout = LayoutFigures.Of(run.FullestLayout);
            string mapped = layout.MappedByteCount == layout.AccessibleByteCount
                ? string.Empty
                : $", {Quantity.Bytes(layout.MappedByteCount)} mapped";
            title.Append(
                $"{Quantity.Bytes(layout.AccessibleByteCount)} in use{mapped}, {Quantity.Count(layout.RangeCount, "range")}, "
                + $"{moment} of the way\n",
                Faint);
        }

        console.Write(title);
        PictureWriter.Write(console, run.FullestPicture);
        console.WriteLine();
    }

    private static Table MemoryFigures(IReadOnlyList<ReplayRun> runs)
    {
        FigureTable table = new([.. runs.Select(run => run.TargetName)]);
        AddCalls(table, runs);
        table.AddTimes("time in calls", runs, run => run.CallTime);
        table.AddTimes("time touching pages", runs, run => run.TouchTime);
        table.AddTimes("time in all", runs, run => run.Time);
        table.AddCounts("system calls", runs, run => run.SystemCallCount);
        table.AddHeading("at its fullest");
        table.AddBytes("address span", runs, run => LayoutFigures.Of(run.FullestLayout).SpanByteCount);
        table.AddBytes("free in the span", runs, run => LayoutFigures.Of(run.FullestLayout).FreeByteCount);
        table.AddBytes("largest gap", runs, run => LayoutFigures.Of(run.FullestLayout).LargestGapByteCount);
        table.AddTexts("fragmentation", runs, run => Quantity.Percent(run.FragmentationAtFullest));
        table.AddCounts("mappings", runs, run => run.MappingGrowth);
        table.AddBytes("resident peak", runs, run => run.PeakResidentGrowth);
        table.AddHeading("when all is removed");
        AddEnd(table, runs);
        return table.Build();
    }

    private static Table HeapFigures(IReadOnlyList<ReplayRun> runs)
    {
        FigureTable table = new([.. runs.Select(run => run.TargetName)]);
        AddCalls(table, runs);
        table.AddTimes("time in all", runs, run => run.Time);
        table.AddNanoseconds("time of a call", runs, run => run.Time.TotalNanoseconds / Math.Max(1, run.CallCount));
        table.AddHeading("at its fullest");
        table.AddBytes("live", runs, run => run.Samples[Math.Max(0, run.FullestSample)].LiveByteCount);
        table.AddBytes("resident", runs, run => Growth(run, run.Fullest.ResidentByteCount));
        table.AddTexts("fragmentation", runs, run => Quantity.Percent(run.FragmentationAtFullest));
        table.AddCounts("mappings", runs, run => run.MappingGrowth);
        table.AddBytes("resident peak", runs, run => run.PeakResidentGrowth);
        table.AddHeading("when all is freed");
        AddEnd(table, runs);
        return table.Build();
    }

    private static void AddCalls(FigureTable table, IReadOnlyList<ReplayRun> runs)
    {
        table.AddCounts("calls", runs, run => run.CallCount);
        if (runs.Any(run => run.RefusedCount != 0))
        {
            table.AddCounts("calls refused", runs, run => run.RefusedCount);
        }
    }

    private static void AddEnd(FigureTable table, IReadOnlyList<ReplayRun> runs)
    {
        table.AddTexts("resident before", runs, run => Quantity.Bytes(run.Start.ResidentByteCount));
        table.AddTexts("resident after", runs, run => Quantity.SignedBytes(run.ResidentLeft));
        table.AddTexts("mappings before", runs, run => Quantity.Count((long)run.Start.MappingCount));
        table.AddTexts("mappings after", runs, run => Quantity.SignedCount(run.MappingsLeft));
    }

    private static ulong Growth(ReplayRun run, nuint resident) =>
        resident > run.Start.ResidentByteCount ? resident - run.Start.ResidentByteCount : 0;

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
