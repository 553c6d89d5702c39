using NativeVm.Tool.Reports;

namespace NativeVm.Tests.Tool.Reports;

public class ColumnTableTests
{
    [Fact]
    public void Figures_stand_in_line_under_headings_of_any_length()
    {
        using TestConsole console = new(width: 40);
        Table().Write(console.Out);
        Assert.Equal(
            [
                "each       median  ratio",
                "────────────────────────",
                "a heading that is longer than any row",
                "  one        1 ns    1 x",
                "  another  100 ns  100 x",
            ],
            console.Lines.Select(line => line.TrimEnd()));
    }

    [Fact]
    public void Where_there_is_no_room_columns_are_left_out_the_last_in_rank_first()
    {
        using TestConsole console = new(width: 20);
        Table().Write(console.Out);
        Assert.Equal("each       median", console.Lines[0].TrimEnd());
        Assert.Contains("  another  100 ns", console.Lines.Select(line => line.TrimEnd()));
    }

    private static ColumnTable Table()
    {
        ColumnTable table = new("each", [("median", 0), ("ratio", 1)]);
        table.AddHeading("a heading that is longer than any row");
        table.AddRow("  one", "1 ns", "1 x");
        table.AddRow("  another", "100 ns", "100 x");
        return table;
    }
}
