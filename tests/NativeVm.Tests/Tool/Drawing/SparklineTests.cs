using NativeVm.Tool.Drawing;

namespace NativeVm.Tests.Tool.Drawing;

public class SparklineTests
{
    [Theory]
    [InlineData(new double[] { 0, 1, 2, 3, 4, 5, 6, 7 }, 7, 8, "▁▂▃▄▅▆▇█")]
    [InlineData(new double[] { 0, 7, 0, 0 }, 7, 2, "█▁")]
    [InlineData(new double[] { 1, 2 }, 0, 8, "▁▁")]
    [InlineData(new double[] { 99, double.NaN }, 7, 8, "█▁")]
    [InlineData(new double[0], 7, 8, "")]
    public void A_character_tells_the_highest_of_its_share(double[] values, double highest, int width, string expected) =>
        Assert.Equal(expected, Sparkline.Draw(values, highest, width, hasUnicode: true));

    [Fact]
    public void Without_unicode_it_is_ASCII() =>
        Assert.Equal("_#", Sparkline.Draw([0, 1], 1, 8, hasUnicode: false));
}
