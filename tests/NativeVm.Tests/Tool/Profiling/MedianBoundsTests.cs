using NativeVm.Tool.Profiling;

namespace NativeVm.Tests.Tool.Profiling;

public class MedianBoundsTests
{
    [Fact]
    public void Few_measurements_bound_by_their_extremes()
    {
        Assert.Equal(new MedianBounds(5, 5), MedianBounds.Of([5]));
        Assert.Equal(new MedianBounds(1, 9), MedianBounds.Of([9, 1, 5]));
        Assert.Throws<ArgumentException>(() => MedianBounds.Of([]));
    }

    [Fact]
    public void The_true_median_lies_between_the_bounds_about_nineteen_times_of_twenty()
    {
        Random random = new(3);
        int inside = 0;
        for (int trial = 0; trial < 2000; trial++)
        {
            // Skewed, as times are: the median of the square of a uniform number is a quarter.
            double[] samples = [.. Enumerable.Range(0, 50).Select(_ => Math.Pow(random.NextDouble(), 2))];
            MedianBounds bounds = MedianBounds.Of(samples);
            inside += bounds.Low <= 0.25 && bounds.High >= 0.25 ? 1 : 0;
        }

        Assert.InRange(inside, 1860, 1980);
    }

    [Fact]
    public void The_half_width_is_a_share_of_the_middle()
    {
        Assert.Equal(0.1, new MedianBounds(90, 110).RelativeHalfWidth, 6);
        Assert.Equal(0, new MedianBounds(0, 0).RelativeHalfWidth);
    }
}
