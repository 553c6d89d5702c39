using NativeVm.Tool.Reports.Html;
using NativeVm.Tool.Reports.Html.Model;

namespace NativeVm.Tool.Reports;

/// <summary>The page of a profile.</summary>
internal static class ProfileHtml
{
    // Bars of allocators that differ a hundredfold can be seen together on a logarithmic axis only.
    private const double LogarithmicFrom = 20;

    /// <summary>Makes the report.</summary>
    /// <param name="document">The figures.</param>
    public static HtmlReport Build(ProfileDocument document)
    {
        string[] allocators = [.. document.Results.Select(row => row.Allocator).Distinct()];
        List<HtmlGroup> groups = [];
        foreach (IGrouping<string, ProfileRow> workload in document.Results.GroupBy(row => row.Workload))
        {
            ProfileRow[] rows = [.. workload];
            List<HtmlSection> sections =
            [
                Bars(rows, allocators, HtmlUnit.Nanoseconds, "time", "Time of an operation", row => row.Median)
                    with { Note = "The median of the batches." },
            ];
            if (rows.Any(row => row.ResidentPeak is > 0))
            {
                BarsSection resident = Bars(rows, allocators, HtmlUnit.Bytes, "bytes", "Resident peak", row => row.ResidentPeak);
                sections.Add(resident with { Note = "How much the resident set of the process grew at most." });
            }

            sections.Add(Figures(rows));
            groups.Add(new HtmlGroup(workload.Key, string.Empty, sections));
        }

        groups.Add(new HtmlGroup(string.Empty, string.Empty, [MachineFacts.Of(document.Machine)]));
        return new HtmlReport(
            "Profile of allocators",
            $"{string.Join(", ", allocators)}; {MachineFacts.Time(document.Machine)}",
            "Made by nativevm profile. The allocators of a case run by turns, in one run.",
            groups);
    }

    private static BarsSection Bars(
        ProfileRow[] rows, string[] allocators, HtmlUnit unit, string axis, string title, Func<ProfileRow, double?> figure)
    {
        string[] cases = [.. rows.Select(Case).Distinct()];
        HtmlSeries[] series =
        [
            .. allocators
                .Select((allocator, i) => new HtmlSeries(
                    allocator,
                    [.. cases.Select(one => Figure(rows.FirstOrDefault(row => row.Allocator == allocator && Case(row) == one)))])
                {
                    Tone = i % 8,
                })
                .Where(one => one.Values.Any(value => value is not null)),
        ];
        double[] values = [.. series.SelectMany(one => one.Values).OfType<double>().Where(value => value > 0)];
        return new BarsSection(unit, axis, "Case", cases, series)
        {
            Title = title,
            IsLogarithmic = values.Length != 0 && values.Max() / values.Min() >= LogarithmicFrom,
        };

        double? Figure(ProfileRow? row) => row is null ? null : figure(row);
    }

    // Columns of figures that no row has are left out.
    private static TableSection Figures(ProfileRow[] rows)
    {
        Dictionary<string, double> first = rows.GroupBy(Case).ToDictionary(group => group.Key, group => group.First().Median);
        (HtmlColumn Column, Func<ProfileRow, HtmlCell> Cell)[] columns =
        [
            (new("Case", HtmlUnit.Text), row => Case(row)),
            (new("Allocator", HtmlUnit.Text), row => row.Allocator),
            (new("Median", HtmlUnit.Nanoseconds), row => row.Median),
            (new("Min", HtmlUnit.Nanoseconds), row => row.Min),
            (new("P99", HtmlUnit.Nanoseconds), row => row.P99),
            (new("Spread", HtmlUnit.Share), row => row.Spread),
            (new("Ratio", HtmlUnit.Ratio), row => row.Median / first[Case(row)]),
            (new("System calls", HtmlUnit.Count), row => row.SystemCalls),
            (new("Page faults", HtmlUnit.Count), row => row.PageFaults),
            (new("Resident peak", HtmlUnit.Bytes), row => (double?)row.ResidentPeak),
            (new("Bytes an entry", HtmlUnit.Count), row => row.BytesPerEntry),
            (new("Operations", HtmlUnit.Count), row => (double)row.Operations),
        ];
        columns = [.. columns.Where(column => rows.Any(row => column.Cell(row) != default))];
        return new TableSection(
            [.. columns.Select(column => column.Column)],
            [.. rows.Select(row => columns.Select(column => column.Cell(row)).ToArray())])
        {
            Title = "Figures",
        };
    }

    private static string Case(ProfileRow row) => row.Title is { Length: > 0 } title
        ? title
        : string.Join(", ", row.Parameters.Select(pair => $"{pair.Key} {pair.Value}"));
}
