namespace NativeVm.Tool.Profiling;

/// <summary>Between which values the true median lies, with about 95 % confidence, whatever the distribution.</summary>
/// <remarks>
/// The bounds are two of the measurements themselves: how many of n lie below the true median is binomial, with a
/// standard deviation of half the root of n. Neighbouring measurements of one lane resemble each other, so they are
/// taken over the medians of slices, which other lanes lie between.
/// </remarks>
/// <param name="Low">The lower bound.</param>
/// <param name="High">The upper bound.</param>
internal readonly record struct MedianBounds(double Low, double High)
{
    private const double Deviations = 1.96;

    /// <summary>The bounds of the median of some measurements; of few, the smallest and the largest.</summary>
    /// <param name="samples">The measurements, in any order; they are sorted.</param>
    /// <exception cref="ArgumentException">There are none.</exception>
    public static MedianBounds Of(Span<double> samples)
    {
        if (samples.IsEmpty)
        {
            throw new ArgumentException("Bounds need a measurement.", nameof(samples));
        }

        samples.Sort();
        int below = Math.Max(0, (int)Math.Floor((samples.Length - (Deviations * Math.Sqrt(samples.Length))) / 2));
        return new MedianBounds(samples[below], samples[samples.Length - 1 - below]);
    }

    /// <summary>Half the distance of the bounds, as a share of what lies in their middle.</summary>
    public double RelativeHalfWidth => High + Low > 0 ? (High - Low) / (High + Low) : 0;
}
