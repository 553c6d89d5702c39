using NativeVm.Platform;
using NativeVm.Tool.Drawing;
using NativeVm.Tool.Replay.Script;

namespace NativeVm.Tool.Replay;

/// <summary>Tells afterwards where everything lay at each moment of a replay, from where its blocks were put.</summary>
/// <remarks>Afterwards, because what it takes to tell must not be in the resident set that is measured.</remarks>
internal static class ReplayFrames
{
    /// <summary>Adds to a run what lay where.</summary>
    /// <param name="run">The run.</param>
    /// <param name="script">What was replayed.</param>
    /// <param name="addresses">The address of each block; 0 for one that was refused.</param>
    public static ReplayRun AddTo(ReplayRun run, ReplayScript script, IReadOnlyList<nuint> addresses)
    {
        ScriptLayout layout = new(script.Steps);
        SpaceRecorder recorder = new();
        List<ReplaySample> samples = new(run.Samples.Count);
        PlacedRange[] fullest = [];
        foreach (ReplaySample sample in run.Samples)
        {
            layout.Advance(sample.StepCount);
            PlacedRange[] ranges = Place(layout, addresses);
            LayoutFigures figures = LayoutFigures.Of(ranges);
            samples.Add(sample with
            {
                LiveByteCount = figures.AccessibleByteCount,
                MappedByteCount = figures.MappedByteCount,
                Fragmentation = figures.Fragmentation,
            });
            recorder.Add(Runs(ranges).Select(one => (one, 0)));
            fullest = sample.StepCount == script.FullestStep ? ranges : fullest;
        }

        return run with
        {
            Samples = samples,
            FullestLayout = fullest,
            FullestPicture = [.. Runs(fullest)],
            FullestSample = samples.FindIndex(sample => sample.StepCount == script.FullestStep),
            Rectangles = recorder.Rectangles(),
        };
    }

    private static PlacedRange[] Place(ScriptLayout layout, IReadOnlyList<nuint> addresses) =>
    [
        .. layout.Parts()
            .Where(part => addresses[part.Block] != 0)
            .Select(part => new PlacedRange(
                addresses[part.Block] + part.Offset,
                addresses[part.Block] + part.Offset + part.ByteCount,
                part.Protection))
            .OrderBy(range => range.Start),
    ];

    // Neighbours that look alike are one run of the picture.
    private static IEnumerable<PictureRun> Runs(PlacedRange[] ranges)
    {
        for (int i = 0; i < ranges.Length;)
        {
            PictureRun run = new(ranges[i].Start, ranges[i].End, Kind(ranges[i].Protection));
            for (i++; i < ranges.Length && ranges[i].Start == run.End && Kind(ranges[i].Protection) == run.Kind; i++)
            {
                run = run with { End = ranges[i].End };
            }

            yield return run;
        }
    }

    private static CellKind Kind(PageProtection protection) => protection switch
    {
        PageProtection.None => CellKind.Reserved,
        PageProtection.Read => CellKind.ReadOnly,
        _ when protection.HasFlag(PageProtection.Execute) => CellKind.Executable,
        _ => CellKind.ReadWrite,
    };
}
