using NativeVm.Platform;
using NativeVm.Tool.Replay;

namespace NativeVm.Tests.Tool.Replay;

public class LayoutFiguresTests
{
    [Fact]
    public void Nothing_mapped_is_all_zero() => Assert.Equal(default, LayoutFigures.Of([]));

    [Fact]
    public void One_range_has_no_free_space()
    {
        LayoutFigures figures = LayoutFigures.Of([new PlacedRange(100, 300, PageProtection.Read)]);
        Assert.Equal(new LayoutFigures(200, 200, 200, 0, 1), figures);
        Assert.Equal((0U, 0.0), (figures.FreeByteCount, figures.Fragmentation));
    }

    [Fact]
    public void Fragmentation_is_the_share_of_free_space_outside_the_largest_gap()
    {
        LayoutFigures figures = LayoutFigures.Of(
        [
            new PlacedRange(0, 100, PageProtection.ReadWrite),
            new PlacedRange(110, 200, PageProtection.None),
            new PlacedRange(230, 300, PageProtection.ReadWrite),
        ]);
        Assert.Equal(new LayoutFigures(300, 260, 170, 30, 3), figures);
        Assert.Equal(0.25, figures.Fragmentation, 12);
    }
}
