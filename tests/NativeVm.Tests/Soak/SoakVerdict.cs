namespace NativeVm.Tests.Soak;

/// <summary>Whether the figures of a run are flat: the median of its last quarter is no more than that of its second.</summary>
internal static class SoakVerdict
{
    private const double Tolerance = 0.05;

    /// <summary>Looks at each figure.</summary>
    /// <returns>What rose, one line each; nothing when all is flat. A run of fewer than eight samples says nothing.</returns>
    public static IReadOnlyList<string> WhatRose(IReadOnlyList<SoakSample> samples)
    {
        List<string> risen = [];
        if (samples.Count >= 8)
        {
            Compare("resident bytes", samples, static sample => sample.ResidentByteCount, 4 << 20, risen);
            Compare("mappings", samples, static sample => sample.MappingCount, 40, risen);
            Compare("native bytes", samples, static sample => sample.NativeByteCount, 2 << 20, risen);

            // The addresses that runs are cut from: they come in blocks, and a new worst case takes another one.
            Compare("committed bytes", samples, static sample => sample.CommittedByteCount, 64 << 20, risen);
        }

        return risen;
    }

    private static void Compare(
        string what, IReadOnlyList<SoakSample> samples, Func<SoakSample, double> read, double slack, List<string> risen)
    {
        int quarter = samples.Count / 4;
        double early = Median(samples.Skip(quarter).Take(quarter).Select(read));
        double late = Median(samples.TakeLast(quarter).Select(read));
        if (late > (early * (1 + Tolerance)) + slack)
        {
            risen.Add(FormattableString.Invariant($"{what} rose from {early:N0} in the second quarter to {late:N0} in the last"));
        }
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
