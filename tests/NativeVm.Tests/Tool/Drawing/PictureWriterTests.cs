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
                "7f0000000000 ██████████",
                "7f000000a000 ██████rrrr",
                "7f0000014000 rrrrxxxxxx",
                "7f000001e000 xx········",
                "7f0000028000 ········",
                "7f0000032000       ████",
                "7f000003c000 █████ ████",
                "7f0000046000 ████████ █",
                "             ⋮ 3.81 GiB",
            ],
            console.Lines.Take(9).Select(line => line.TrimEnd()));
    }

    [Fact]
    public void A_wide_console_has_the_end_of_each_row_too()
    {
        using TestConsole console = new(width: 100);
        PictureWriter.Write(console.Out, [Run(0, 1024, CellKind.ReadWrite)]);
        Assert.All(console.Lines, line => Assert.InRange(line.Length, 1, 100));
        Assert.Equal($"7f0000000000 {new string('█', 73)} 7f0000092000", console.Lines[0].TrimEnd());
        Assert.Equal("7f00003fe000 █", console.Lines[7][..14]);
        Assert.Contains("each cell 8 KiB", console.Lines[^1], StringComparison.Ordinal);
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
