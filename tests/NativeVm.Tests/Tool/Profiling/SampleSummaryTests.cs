using NativeVm.Tool.Profiling;

namespace NativeVm.Tests.Tool.Profiling;

public class SampleSummaryTests
{
    [Theory]
    [InlineData(new double[] { 5 }, 5, 5, 5, 0)]
    [InlineData(new double[] { 4, 2 }, 3, 2, 4, 1.0 / 3)]
    [InlineData(new double[] { 9, 1, 5 }, 5, 1, 9, 0.8)]
    [InlineData(new double[] { 4, 3, 2, 1 }, 2.5, 1, 4, 0.4)]
    public void Few_samples(double[] samples, double median, double min, double p99, double spread) =>
        Assert.Equal(new SampleSummary(samples.Length, median, min, p99, spread), SampleSummary.Of(samples));

    [Fact]
    public void The_percentile_is_the_nearest_rank()
    {
        double[] samples = [.. Enumerable.Range(1, 1000).Select(i => (double)i)];
        Assert.Equal(990, SampleSummary.Percentile(samples, 0.99));
        Assert.Equal(1000, SampleSummary.Percentile(samples, 1));
        Assert.Equal(1, SampleSummary.Percentile(samples, 0.001));
        Assert.Equal(500, SampleSummary.Percentile(samples, 0.5));
    }

    [Fact]
    public void No_samples_have_no_summary() => Assert.Throws<ArgumentException>(() => SampleSummary.Of([]));
}
