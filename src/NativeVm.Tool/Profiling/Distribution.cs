namespace NativeVm.Tool.Profiling;

/// <summary>The distribution of many measurements, from its middle to its last tail.</summary>
internal static class Distribution
{
    private static readonly (string Name, double Share)[] Points =
    [
        ("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("p99.9", 0.999), ("p99.99", 0.9999), ("p99.999", 0.99999), ("max", 1),
    ];

    /// <summary>Percentiles by name.</summary>
    /// <param name="sorted">The measurements, the smallest first; one at least.</param>
    public static IReadOnlyDictionary<string, double> Of(ReadOnlySpan<double> sorted)
    {
        OrderedDictionary<string, double> percentiles = [];
        foreach ((string name, double share) in Points)
        {
            percentiles.Add(name, Math.Round(SampleSummary.Percentile(sorted, share), 1));
        }

        return percentiles;
    }
}
