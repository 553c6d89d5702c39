namespace NativeVm.Tool.Profiling;

/// <summary>What is told of many measurements of the same thing.</summary>
/// <param name="Count">How many there were.</param>
/// <param name="Median">Half of them are not above it.</param>
/// <param name="Min">The smallest.</param>
/// <param name="P99">99 of a hundred are not above it.</param>
/// <param name="Spread">Half the distance from the lower quartile to the upper one, as a share of the median.</param>
internal readonly record struct SampleSummary(int Count, double Median, double Min, double P99, double Spread)
{
    /// <summary>Sums measurements up.</summary>
    /// <param name="samples">The measurements, in any order; they are sorted.</param>
    /// <exception cref="ArgumentException">There are none.</exception>
    public static SampleSummary Of(Span<double> samples)
    {
        if (samples.IsEmpty)
        {
            throw new ArgumentException("A summary needs a measurement.", nameof(samples));
        }

        samples.Sort();
        double median = MedianOfSorted(samples);
        double spread = median > 0 ? (Percentile(samples, 0.75) - Percentile(samples, 0.25)) / 2 / median : 0;
        return new SampleSummary(samples.Length, median, samples[0], Percentile(samples, 0.99), spread);
    }

    /// <summary>The smallest measurement that a share of all is not above (nearest rank).</summary>
    /// <param name="sorted">The measurements, the smallest first; one at least.</param>
    /// <param name="share">The share, above 0 and not above 1.</param>
    public static double Percentile(ReadOnlySpan<double> sorted, double share)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(share);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(share, 1);
        return sorted[Math.Max(0, (int)Math.Ceiling(sorted.Length * share) - 1)];
    }

    /// <summary>The middle measurement, or the mean of the two in the middle.</summary>
    /// <param name="sorted">The measurements, the smallest first; one at least.</param>
    public static double MedianOfSorted(ReadOnlySpan<double> sorted)
    {
        int half = sorted.Length / 2;
        return (sorted.Length & 1) != 0 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }
}
