using NativeVm.Tool.Drawing;

namespace NativeVm.Tests.Tool.Drawing;

public class MapPictureTests
{
    private const ulong Page = 4096;

    [Fact]
    public void Cells_are_a_power_of_two_and_rows_stay_within_the_height()
    {
        MapPicture picture = MapPicture.Draw([Run(0x1000, 1000, CellKind.ReadWrite)], width: 10, height: 4);
        Assert.Equal(32 * Page, picture.CellByteCount);
        Assert.Equal(4, picture.Lines.Count);
        Assert.Equal(32, picture.Lines.Sum(line => line.Cells!.Count));
        Assert.All(picture.Lines, line => Assert.All(line.Cells!, cell => Assert.Equal(new PictureCell(CellKind.ReadWrite, 1), cell)));
    }

    [Fact]
    public void A_cell_tells_what_most_of_its_memory_is_and_how_much_of_it_is_memory()
    {
        PictureRun[] runs =
        [
            Run(0, 1, CellKind.ReadWrite),
            Run(2, 2, CellKind.ReadOnly),
            Run(4, 3, CellKind.Reserved),
            Run(7, 1, CellKind.Executable),
            Run(8, 2, CellKind.Reserved),
        ];
        MapPicture picture = MapPicture.Draw(runs, width: 3, height: 1);
        Assert.Equal(4 * Page, picture.CellByteCount);
        Assert.Equal(
            [new PictureCell(CellKind.ReadOnly, 0.75), new PictureCell(CellKind.Executable, 0.25), new PictureCell(CellKind.Reserved, 1)],
            Assert.Single(picture.Lines).Cells!);
    }

    [Fact]
    public void Long_runs_where_nothing_happens_are_folded_and_the_rest_is_drawn_fine()
    {
        PictureRun[] runs =
        [
            Run(0, 10, CellKind.ReadWrite),
            Run(10, 1_000_000, CellKind.Reserved),
            Run(1_000_010, 10, CellKind.ReadWrite),
            Run(90_000_000, 10, CellKind.ReadWrite),
        ];
        MapPicture picture = MapPicture.Draw(runs, width: 10, height: 3);
        Assert.Equal(Page, picture.CellByteCount);
        Assert.Equal(
            ["10 cells", "Reserved", "10 cells", "Free", "10 cells"],
            picture.Lines.Select(line => line.Cells is null ? line.FoldedKind.ToString() : $"{line.Cells.Count} cells"));
    }

    [Fact]
    public void A_map_that_is_one_reservation_is_drawn()
    {
        MapPicture picture = MapPicture.Draw([Run(0, 1 << 20, CellKind.Reserved)], width: 10, height: 2);
        Assert.All(picture.Lines, line => Assert.NotNull(line.Cells));
    }

    [Fact]
    public void Random_maps_are_drawn_without_gaps_and_with_every_byte_of_memory()
    {
        Random random = new(4);
        for (int i = 0; i < 2000; i++)
        {
            List<PictureRun> runs = [];
            ulong page = (ulong)random.Next(1000);
            for (int run = random.Next(1, 30); run > 0; run--)
            {
                ulong length = 1UL << random.Next(random.Next(1, 25));
                runs.Add(new PictureRun(page * Page, (page + length) * Page, (CellKind)random.Next(1, 5)));
                page += length + (random.Next(2) == 0 ? 0 : 1UL << random.Next(random.Next(1, 35)));
            }

            MapPicture picture = MapPicture.Draw(runs, random.Next(1, 100), random.Next(1, 20));
            Assert.Equal(runs[0].Start, picture.Lines[0].Start);
            Assert.Equal(runs[^1].End, picture.Lines[^1].End);
            for (int line = 1; line < picture.Lines.Count; line++)
            {
                Assert.Equal(picture.Lines[line - 1].End, picture.Lines[line].Start);
            }

            double drawn = picture.Lines.Where(line => line.Cells is not null).Sum(line => Memory(line, picture.CellByteCount));
            double memory = runs.Where(run => run.Kind > CellKind.Reserved).Sum(run => (double)run.ByteCount);
            Assert.Equal(1, (drawn + 1) / (memory + 1), 6);
        }
    }

    // The last cell of a band may be shorter than the others.
    private static double Memory(PictureLine line, ulong cellByteCount)
    {
        double sum = 0;
        for (int i = 0; i < line.Cells!.Count; i++)
        {
            ulong start = line.Start + ((ulong)i * cellByteCount);
            ulong length = Math.Min(cellByteCount, line.End - start);
            sum += line.Cells[i].Kind > CellKind.Reserved ? line.Cells[i].Share * length : 0;
        }

        return sum;
    }

    private static PictureRun Run(ulong page, ulong count, CellKind kind) => new(page * Page, (page + count) * Page, kind);
}
