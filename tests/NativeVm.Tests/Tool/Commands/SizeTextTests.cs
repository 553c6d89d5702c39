using NativeVm.Tool.Commands;

namespace NativeVm.Tests.Tool.Commands;

public class SizeTextTests
{
    [Theory]
    [InlineData("1", 1UL)]
    [InlineData("4096", 4096UL)]
    [InlineData("4096B", 4096UL)]
    [InlineData("64k", 65536UL)]
    [InlineData("64 KiB", 65536UL)]
    [InlineData(" 64KB ", 65536UL)]
    [InlineData("1M", 1UL << 20)]
    [InlineData("2G", 2UL << 30)]
    [InlineData("16777215T", 16777215UL << 40)]
    public void Sizes(string text, ulong expected)
    {
        Assert.True(SizeText.TryParse(text, out ulong byteCount));
        Assert.Equal(expected, byteCount);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("K")]
    [InlineData("-1")]
    [InlineData("1.5M")]
    [InlineData("4Q")]
    [InlineData("16777216T")]
    [InlineData("99999999999999999999")]
    public void What_is_no_size(string text) => Assert.False(SizeText.TryParse(text, out _));
}
