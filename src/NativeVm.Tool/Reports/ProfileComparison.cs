using System.Globalization;

namespace NativeVm.Tool.Reports;

/// <summary>What changed from one profile to another.</summary>
/// <remarks>
/// A median has changed when the 95 % bounds of the old one and of the new one do not overlap and it moved by a thirtieth
/// or more: less than that comes from where a process's memory happens to lie. Files without bounds have the median
/// itself for both. The peak of the resident set is one measurement without bounds: two mebibytes, which
/// is what the runtime's own memory moves by, and a fiftieth count as noise.
/// </remarks>
/// <param name="Changes">Every figure that both have.</param>
/// <param name="MissingCount">Rows of the old profile that the new one has not.</param>
/// <param name="AddedCount">Rows of the new profile that the old one had not.</param>
/// <param name="Threshold">The change for the worse that is a regression, as a share.</param>
/// <param name="OldMachine">The machine of the old profile, where it is another one; else null.</param>
internal sealed record ProfileComparison(
    IReadOnlyList<ProfileChange> Changes, int MissingCount, int AddedCount, double Threshold, string? OldMachine)
{
    private const double TimeNoiseShare = 1.0 / 30;
    private const double MemoryNoise = 2 << 20;
    private const double MemoryNoiseShare = 0.02;

    /// <summary>The figures that are worse by more than the threshold, and beyond the noise.</summary>
    public IEnumerable<ProfileChange> Regressions =>
        Changes.Where(change => change.IsBeyondNoise && change.Change > Threshold);

    /// <summary>Compares two profiles.</summary>
    /// <param name="old">The old one.</param>
    /// <param name="current">The new one.</param>
    /// <param name="threshold">The change for the worse that is a regression, as a share.</param>
    public static ProfileComparison Of(ProfileDocument old, ProfileDocument current, double threshold)
    {
        Dictionary<string, ProfileRow> before = [];
        foreach (ProfileRow row in old.Results)
        {
            before[Key(row)] = row;
        }

        List<ProfileChange> changes = [];
        int added = 0;
        foreach (ProfileRow row in current.Results)
        {
            if (before.Remove(Key(row), out ProfileRow? then))
            {
                changes.AddRange(Compare(then, row));
            }
            else
            {
                added++;
            }
        }

        bool isSameMachine = (old.Machine.Processor, old.Machine.ProcessorCount, old.Machine.Os)
            == (current.Machine.Processor, current.Machine.ProcessorCount, current.Machine.Os);
        return new ProfileComparison(
            changes, before.Count, added, threshold, isSameMachine ? null : old.Machine.ToString());
    }

    private static IEnumerable<ProfileChange> Compare(ProfileRow old, ProfileRow row)
    {
        string title = $"{row.Workload} {row.Title}".TrimEnd();
        bool areApart = (row.MedianLow ?? row.Median) > (old.MedianHigh ?? old.Median)
            || (row.MedianHigh ?? row.Median) < (old.MedianLow ?? old.Median);
        bool isBeyondNoise = areApart && Math.Abs(row.Median - old.Median) > old.Median * TimeNoiseShare;
        yield return new ProfileChange(title, row.Allocator, IsMemory: false, old.Median, row.Median, isBeyondNoise);
        if (old.ResidentPeak is > 0 and ulong then && row.ResidentPeak is { } now)
        {
            double difference = Math.Abs((double)now - then);
            yield return new ProfileChange(
                title, row.Allocator, IsMemory: true, then, now, difference > Math.Max(MemoryNoise, then * MemoryNoiseShare));
        }
    }

    // Titles are words for people, and may be put better one day; parameters are what a case is.
    private static string Key(ProfileRow row)
    {
        IEnumerable<string> parameters = row.Parameters
            .OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key}={pair.Value}"));
        return $"{row.Workload}|{row.Allocator}|{string.Join('|', parameters)}";
    }
}
