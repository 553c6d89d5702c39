using NativeVm.Tool.Replay;
using NativeVm.Tool.Reports.Html;
using NativeVm.Tool.Reports.Html.Model;
using NativeVm.Tool.Traces;

namespace NativeVm.Tool.Reports.Replays;

/// <summary>The page of replays.</summary>
internal static class ReplayHtml
{
    private const string Time = "Calls replayed";
    private const int NeutralTone = 7;

    /// <summary>Makes the report.</summary>
    /// <param name="outcomes">What each trace came to.</param>
    /// <param name="machine">The machine.</param>
    public static HtmlReport Build(IReadOnlyList<ReplayOutcome> outcomes, MachineInfo machine)
    {
        string names = string.Join(", ", outcomes.Select(outcome => outcome.Subject.Trace.Name));
        return new HtmlReport(
            outcomes.Count == 1 ? $"Replay of {names}" : $"Replay of {Quantity.Count(outcomes.Count, "trace")}",
            $"{string.Join(", ", outcomes.SelectMany(outcome => outcome.Runs).Select(run => run.TargetName).Distinct())}; "
            + MachineFacts.Time(machine),
            "Made by nativevm replay. Each allocator ran in a process of its own; the figures are those of the round of median time.",
            [
                .. outcomes.Where(outcome => outcome.Runs.Count != 0).Select(Group),
                new HtmlGroup(string.Empty, string.Empty, [MachineFacts.Of(machine)]),
            ]);
    }

    private static HtmlGroup Group(ReplayOutcome outcome)
    {
        IReadOnlyList<ReplayRun> runs = outcome.Runs;
        bool isHeap = outcome.Subject.IsHeap;
        double[] steps = [.. runs[0].Samples.Select(sample => (double)sample.StepCount)];
        List<HtmlSection> sections =
        [
            new SpaceSection(Time, steps, [.. runs.Select(run => new SpaceLane(run.TargetName, run.Rectangles))])
            {
                Title = isHeap ? "The heap's addresses through time" : "The address space through time",
                Note = isHeap
                    ? "The strength of the colour tells how much of a run is in live blocks."
                    : "What the replay has mapped, where each allocator put it.",
                Frame = Math.Max(0, runs[0].FullestSample),
            },
            Lines("Memory", HtmlUnit.Bytes, "bytes", steps,
                [.. runs.Select(run => new HtmlSeries($"resident, {run.TargetName}", [.. ReplaySeries.Resident(run).Select(Some)])),
                new HtmlSeries("in use by the trace", [.. runs[0].Samples.Select(sample => (double?)sample.LiveByteCount)]) { Tone = NeutralTone }])
                with { Note = "Growth of the resident set since before the first call." },
            Lines("Fragmentation", HtmlUnit.Share, "share", steps,
                [.. runs.Select(run => new HtmlSeries(run.TargetName, [.. run.Samples.Select(sample => (double?)sample.Fragmentation)]))])
                with
                {
                    Note = isHeap
                        ? "How much of the resident growth is not of live blocks."
                        : "How much of the free space between mappings lies outside the largest gap.",
                },
            Lines("Mappings", HtmlUnit.Count, "mappings", steps,
                [.. runs.Select(run => new HtmlSeries(
                    run.TargetName,
                    [.. run.Samples.Select(sample => (double?)((double)sample.Memory.MappingCount - run.Start.MappingCount))]))])
                with { Note = "More than before the first call, as the system counts them." },
            new BarsSection(
                HtmlUnit.Nanoseconds,
                "time",
                "Allocator",
                [.. runs.Select(run => run.TargetName)],
                isHeap
                    ? [new HtmlSeries("calls and first writes", [.. runs.Select(run => (double?)run.Time.TotalNanoseconds)]) { Tone = NeutralTone }]
                    :
                    [
                        new HtmlSeries("in calls", [.. runs.Select(run => (double?)run.CallTime.TotalNanoseconds)]) { Tone = 4 },
                        new HtmlSeries("touching pages", [.. runs.Select(run => (double?)run.TouchTime.TotalNanoseconds)]) { Tone = NeutralTone },
                    ])
            {
                Title = "Time",
                Note = "Of the whole replay.",
            },
            Figures(runs, isHeap),
        ];
        string skipped = string.Join(", ", outcome.Subject.Trace.Tally.Skipped()
            .Select(pair => $"{Quantity.Count(pair.Count)} {LineTally.Describe(pair.Reason)}"));
        string leftOut = skipped.Length == 0 ? string.Empty : $" Left out: {skipped}.";
        string failures = string.Concat(outcome.Failures.Select(failure => $" Not run: {failure.Message}"));
        return new HtmlGroup(outcome.Subject.Trace.Name, $"{outcome.Subject.Describe()}.{leftOut}{failures}", sections);
    }

    private static double? Some(double value) => value;

    private static LinesSection Lines(
        string title, HtmlUnit unit, string axis, IReadOnlyList<double> steps, IReadOnlyList<HtmlSeries> series) =>
        new(unit, axis, Time, steps, series) { Title = title };

    private static TableSection Figures(IReadOnlyList<ReplayRun> runs, bool isHeap)
    {
        List<(HtmlColumn Column, Func<ReplayRun, HtmlCell> Cell)> columns =
        [
            (new("Allocator", HtmlUnit.Text), run => run.TargetName),
            (new("Calls", HtmlUnit.Count), run => (double)run.CallCount),
            (new("Refused", HtmlUnit.Count), run => (double)run.RefusedCount),
            (new("Time", HtmlUnit.Nanoseconds), run => run.Time.TotalNanoseconds),
            (new("Time of a call", HtmlUnit.Nanoseconds), run => run.CallTime.TotalNanoseconds / Math.Max(1, run.CallCount)),
            (new("Resident peak", HtmlUnit.Bytes), run => (double)run.PeakResidentGrowth),
            (new("Fragmentation", HtmlUnit.Share), run => run.FragmentationAtFullest),
            (new("Mappings", HtmlUnit.Count), run => (double)run.MappingGrowth),
            (new("Resident left", HtmlUnit.Bytes), run => (double)run.ResidentLeft),
        ];
        if (!isHeap)
        {
            columns.Insert(5, (new("System calls", HtmlUnit.Count), run => (double)run.SystemCallCount));
            columns.Insert(6, (new("Address span", HtmlUnit.Bytes), run => (double)LayoutFigures.Of(run.FullestLayout).SpanByteCount));
        }

        return new TableSection(
            [.. columns.Select(column => column.Column)],
            [.. runs.Select(run => columns.Select(column => column.Cell(run)).ToArray())])
        {
            Title = "Figures",
            Note = "Fragmentation and mappings are those of the moment when the trace had the most in use.",
        };
    }
}
