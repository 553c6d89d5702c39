using NativeVm.Tool.Drawing;
using NativeVm.Tool.Replay;
using Spectre.Console;

namespace NativeVm.Tool.Reports.Replays;

/// <summary>Prints figures through time: a line for what the trace has in use and one for each allocator.</summary>
internal static class ReplaySeries
{
    private const int LabelWidth = 22;
    private const int ValueWidth = 11;
    private const int NarrowestLine = 8;
    private const int WidestLine = 64;
    private static readonly Style Faint = new(Color.Grey);

    /// <summary>Prints the lines.</summary>
    /// <param name="console">Where to.</param>
    /// <param name="runs">The runs, one at least.</param>
    public static void Write(IAnsiConsole console, IReadOnlyList<ReplayRun> runs)
    {
        console.Write(new Text("through the replay, with the highest value\n", Faint));
        double[] live = [.. runs[0].Samples.Select(sample => (double)sample.LiveByteCount)];
        double[][] resident = [.. runs.Select(Resident)];
        double highest = Math.Max(live.Max(), resident.Max(values => values.Max()));
        Row("in use", live, highest, value => Quantity.Bytes((ulong)value));
        for (int i = 0; i < runs.Count; i++)
        {
            Row($"resident, {runs[i].TargetName}", resident[i], highest, value => Quantity.Bytes((ulong)value));
        }

        foreach (ReplayRun run in runs)
        {
            Row(
                $"frag., {run.TargetName}",
                [.. run.Samples.Select(sample => sample.Fragmentation)],
                1,
                Quantity.Percent);
        }

        console.WriteLine();

        void Row(string label, double[] values, double top, Func<double, string> text)
        {
            int width = Math.Clamp(console.Profile.Width - LabelWidth - ValueWidth - 1, NarrowestLine, WidestLine);
            string line = Sparkline.Draw(values, top, width, console.Profile.Capabilities.Unicode);
            string cut = label.Length <= LabelWidth ? label : label[..LabelWidth];
            Paragraph row = new();
            row.Append($"{cut.PadRight(LabelWidth)} ", Faint);
            row.Append(line.PadRight(width), PictureStyle.Colour(CellKind.ReadWrite));
            row.Append($"{text(values.Max()).PadLeft(ValueWidth - 1)}\n");
            console.Write(row);
        }
    }

    /// <summary>How much the resident set had grown at each sample, in bytes.</summary>
    /// <param name="run">The run.</param>
    public static double[] Resident(ReplayRun run) =>
    [
        .. run.Samples.Select(sample =>
            Math.Max(0, (double)sample.Memory.ResidentByteCount - run.Start.ResidentByteCount)),
    ];
}
