namespace NativeVm.Tool.Drawing;

/// <summary>
/// A picture of an address space in rows of cells, each cell an equal share of it. Long runs in which nothing
/// happens, free or reserved, are told in one line of words, so that what is between them can be seen.
/// </summary>
internal sealed class MapPicture
{
    // A run is folded while it is longer than one in so many of all that is still drawn.
    private const ulong FoldShare = 4;
    private const int MaxFoldCount = 5;
    private const ulong SmallestFold = 1 << 20;
    private const ulong SmallestCell = 4096;

    private MapPicture(ulong cellByteCount, IReadOnlyList<PictureLine> lines)
    {
        CellByteCount = cellByteCount;
        Lines = lines;
    }

    /// <summary>What one cell stands for, in bytes: a power of two.</summary>
    public ulong CellByteCount { get; }

    /// <summary>The lines, in address order.</summary>
    public IReadOnlyList<PictureLine> Lines { get; }

    /// <summary>The kinds that occur in the picture.</summary>
    public IEnumerable<CellKind> Kinds => Lines
        .SelectMany(line => line.Cells is null ? [] : line.Cells.Select(cell => cell.Kind))
        .Distinct();

    /// <summary>Draws a picture.</summary>
    /// <param name="used">The ranges that are not free, in address order, none overlapping another.</param>
    /// <param name="width">Cells in a row, not 0.</param>
    /// <param name="height">Rows of cells to try not to exceed; each run of rows between two folds has one at least.</param>
    public static MapPicture Draw(IEnumerable<PictureRun> used, int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        List<PictureRun> runs = Complete(used);
        HashSet<PictureRun> folded = Fold(runs);
        List<List<PictureRun>> bands = Split(runs, folded);
        ulong cell = SmallestCell;
        while (RowCount(bands, cell, width) > (ulong)Math.Max(height, bands.Count) && cell < 1UL << 62)
        {
            cell <<= 1;
        }

        List<PictureLine> lines = [.. folded.Select(run => new PictureLine(run.Start, run.End, null, run.Kind))];
        foreach (List<PictureRun> band in bands)
        {
            AddRows(lines, band, cell, width);
        }

        return new MapPicture(cell, [.. lines.OrderBy(line => line.Start)]);
    }

    // Runs that cover the span without holes; equal neighbours are one run.
    private static List<PictureRun> Complete(IEnumerable<PictureRun> used)
    {
        List<PictureRun> runs = [];
        foreach (PictureRun run in used)
        {
            if (runs.Count != 0 && runs[^1].End < run.Start)
            {
                runs.Add(new PictureRun(runs[^1].End, run.Start, CellKind.Free));
            }

            if (runs.Count != 0 && runs[^1].Kind == run.Kind && runs[^1].Share == run.Share && runs[^1].End == run.Start)
            {
                runs[^1] = runs[^1] with { End = run.End };
            }
            else
            {
                runs.Add(run);
            }
        }

        return runs;
    }

    private static HashSet<PictureRun> Fold(List<PictureRun> runs)
    {
        HashSet<PictureRun> folded = [];
        ulong drawn = runs.Aggregate(0UL, (sum, run) => sum + run.ByteCount);
        foreach (PictureRun run in runs
            .Where(run => run.Kind is CellKind.Free or CellKind.Reserved)
            .OrderByDescending(run => run.ByteCount)
            .Take(MaxFoldCount))
        {
            if (run.ByteCount < SmallestFold || run.ByteCount <= drawn / FoldShare || run.ByteCount == drawn)
            {
                break;
            }

            folded.Add(run);
            drawn -= run.ByteCount;
        }

        return folded;
    }

    private static List<List<PictureRun>> Split(List<PictureRun> runs, HashSet<PictureRun> folded)
    {
        List<List<PictureRun>> bands = [];
        bool isNew = true;
        foreach (PictureRun run in runs)
        {
            if (folded.Contains(run))
            {
                isNew = true;
                continue;
            }

            if (isNew)
            {
                bands.Add([]);
                isNew = false;
            }

            bands[^1].Add(run);
        }

        return bands;
    }

    private static ulong RowCount(List<List<PictureRun>> bands, ulong cell, int width) => bands
        .Aggregate(0UL, (sum, band) => sum + DivideUp(band[^1].End - band[0].Start, cell * (ulong)width));

    private static void AddRows(List<PictureLine> lines, List<PictureRun> band, ulong cell, int width)
    {
        int run = 0;
        ulong end = band[^1].End;
        for (ulong start = band[0].Start; start < end;)
        {
            ulong rowStart = start;
            List<PictureCell> cells = new(width);
            while (cells.Count < width && start < end)
            {
                ulong cellEnd = end - start > cell ? start + cell : end;
                cells.Add(Measure(band, ref run, start, cellEnd));
                start = cellEnd;
            }

            lines.Add(new PictureLine(rowStart, start, cells, default));
        }
    }

    private static PictureCell Measure(List<PictureRun> band, ref int first, ulong start, ulong end)
    {
        Span<ulong> byteCounts = stackalloc ulong[(int)CellKind.Executable + 1];
        byteCounts.Clear();
        while (band[first].End <= start)
        {
            first++;
        }

        double used = 0;
        for (int i = first; i < band.Count && band[i].Start < end; i++)
        {
            ulong overlap = Math.Min(end, band[i].End) - Math.Max(start, band[i].Start);
            byteCounts[(int)band[i].Kind] += overlap;
            used += band[i].Kind >= CellKind.ReadOnly ? overlap * band[i].Share : 0;
        }

        CellKind most = CellKind.ReadOnly;
        ulong memory = 0;
        for (CellKind kind = CellKind.ReadOnly; kind <= CellKind.Executable; kind++)
        {
            memory += byteCounts[(int)kind];
            most = byteCounts[(int)kind] > byteCounts[(int)most] ? kind : most;
        }

        ulong reserved = byteCounts[(int)CellKind.Reserved];
        double length = end - start;
        return memory != 0 ? new PictureCell(most, used / length)
            : reserved != 0 ? new PictureCell(CellKind.Reserved, reserved / length)
            : new PictureCell(CellKind.Free, 0);
    }

    private static ulong DivideUp(ulong value, ulong divisor) => (value / divisor) + (value % divisor == 0 ? 0UL : 1UL);
}
