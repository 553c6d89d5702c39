using NativeVm.Tool.Drawing;

namespace NativeVm.Tests.Tool.Drawing;

public class PictureWriterTests
{
    private const ulong Start = 0x7f0000000000;

    private static readonly PictureRun[] Runs =
    [
        Run(0, 16, CellKind.ReadWrite),
        Run(16, 8, CellKind.ReadOnly),
        Run(24, 8, CellKind.Executable),
        Run(32, 16, CellKind.Reserved),
        Run(56, 9, CellKind.ReadWrite),
        Run(66, 12, CellKind.ReadWrite),
        Run(79, 1, CellKind.ReadWrite),
        Run(1_000_000, 4, CellKind.ReadWrite),
    ];

    [Fact]
    public void A_picture_fits_its_console_and_letters_stand_for_colours()
    {
        using TestConsole console = new(width: 24);
        PictureWriter.Write(console.Out, Runs);
        Assert.Equal(
            [
                "7f0000000000 ████████rrrr",
                "7f0000018000 xxxx········",
                "7f0000030000     ████▓███",
                "7f0000048000 ███▒",
                "             ⋮ 3.81 GiB",
                "free",
                "7f00f4240000 ██",
            ],
            console.Lines.Take(7).Select(line => line.TrimEnd()));
    }

    [Fact]
    public void A_wide_console_has_the_end_of_each_row_too()
    {
        using TestConsole console = new(width: 100);
        PictureWriter.Write(console.Out, [Run(0, 1024, CellKind.ReadWrite)]);
        Assert.All(console.Lines, line => Assert.InRange(line.Length, 1, 100));
        Assert.Equal($"7f0000000000 {new string('█', 64)}           7f0000400000", Squeeze(console.Lines[0]));
        Assert.Contains("each cell 64 KiB", console.Lines[^1], StringComparison.Ordinal);

        // Sixty-four cells of seventy-three, then the margin.
        static string Squeeze(string line) => line.Replace(new string(' ', 73 - 64 + 1), new string(' ', 11), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_unicode_a_picture_is_plain_ascii()
    {
        using TestConsole console = new(width: 40, hasUnicode: false);
        PictureWriter.Write(console.Out, Runs);
        Assert.All(console.Lines, line => Assert.All(line, character => Assert.InRange(character, ' ', '~')));
    }

    [Fact]
    public void An_absurdly_narrow_console_gets_a_picture_all_the_same()
    {
        using TestConsole console = new(width: 10);
        PictureWriter.Write(console.Out, Runs);
        Assert.NotEmpty(console.Lines);
    }

    [Fact]
    public void Nothing_mapped_is_said()
    {
        using TestConsole console = new(width: 40);
        PictureWriter.Write(console.Out, []);
        Assert.Equal("Nothing is mapped.", Assert.Single(console.Lines));
    }

    private static PictureRun Run(ulong page, ulong count, CellKind kind) =>
        new(Start + (page * 4096), Start + ((page + count) * 4096), kind);
}
