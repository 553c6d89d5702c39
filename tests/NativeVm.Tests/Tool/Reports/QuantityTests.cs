using NativeVm.Tool.Reports;

namespace NativeVm.Tests.Tool.Reports;

public class QuantityTests
{
    [Theory]
    [InlineData(0UL, "0 B")]
    [InlineData(999UL, "999 B")]
    [InlineData(1000UL, "0.98 KiB")]
    [InlineData(4096UL, "4 KiB")]
    [InlineData(1UL << 20, "1 MiB")]
    [InlineData((1UL << 20) - 1, "1.00 MiB")]
    [InlineData(1500UL << 20, "1.46 GiB")]
    [InlineData(186UL << 20, "186 MiB")]
    [InlineData(1UL << 47, "128 TiB")]
    [InlineData(ulong.MaxValue, "16 EiB")]
    public void Bytes(ulong byteCount, string expected) => Assert.Equal(expected, Quantity.Bytes(byteCount));

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(4096, "+4 KiB")]
    [InlineData(-4096, "-4 KiB")]
    [InlineData(long.MinValue, "-8 EiB")]
    public void Differences_have_a_sign(long byteCount, string expected) =>
        Assert.Equal(expected, Quantity.SignedBytes(byteCount));

    [Theory]
    [InlineData(0, "0 ns")]
    [InlineData(45.67, "45.7 ns")]
    [InlineData(999.4, "999 ns")]
    [InlineData(999.6, "1.00 µs")]
    [InlineData(12345, "12.3 µs")]
    [InlineData(1.5e6, "1.50 ms")]
    [InlineData(2.5e9, "2.50 s")]
    public void Times(double nanoseconds, string expected) => Assert.Equal(expected, Quantity.Time(nanoseconds));

    [Theory]
    [InlineData(1, 1, "1.00 x")]
    [InlineData(10, 1, "10.0 x")]
    [InlineData(1000, 1, "1000 x")]
    [InlineData(1, 3, "0.33 x")]
    [InlineData(8, 1000, "0.008 x")]
    [InlineData(1, 1e9, "<0.001 x")]
    [InlineData(0, 5, "0.00 x")]
    [InlineData(5, 0, "-")]
    [InlineData(0, 0, "-")]
    public void Ratios(double figure, double other, string expected) => Assert.Equal(expected, Quantity.Ratio(figure, other));

    [Theory]
    [InlineData(1, "1 process")]
    [InlineData(0, "0 processes")]
    [InlineData(12345, "12,345 processes")]
    public void Counts_agree_with_their_noun(long count, string expected) =>
        Assert.Equal(expected, Quantity.Count(count, "process", "processes"));
}
