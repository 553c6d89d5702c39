using System.Globalization;
using System.Text.Json;
using NativeVm.Tool.Reports.Html;
using NativeVm.Tool.Reports.Html.Model;

namespace NativeVm.Tests.Soak;

/// <summary>Writes the curve of a run: <c>soak.csv</c> for tables, <c>soak.json</c> with the verdict, <c>soak.html</c> to look at.</summary>
internal static class SoakReport
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Writes the files, replacing earlier ones.</summary>
    public static void Write(string directory, IReadOnlyList<SoakSample> samples, IReadOnlyList<string> risen)
    {
        Directory.CreateDirectory(directory);
        File.WriteAllLines(
            Path.Combine(directory, "soak.csv"),
            samples.Select(ToLine).Prepend("seconds,steps,resident_bytes,mappings,native_bytes,committed_bytes,managed_bytes"));
        var report = new
        {
            machine = new { system = Environment.OSVersion.ToString(), processors = Environment.ProcessorCount },
            isFlat = risen.Count == 0,
            risen,
            samples = samples.Select(static sample => new
            {
                seconds = sample.Seconds,
                steps = sample.StepCount,
                residentBytes = (ulong)sample.ResidentByteCount,
                mappings = (ulong)sample.MappingCount,
                nativeBytes = (ulong)sample.NativeByteCount,
                committedBytes = (ulong)sample.CommittedByteCount,
                managedBytes = sample.ManagedByteCount,
            }),
        };
        File.WriteAllText(Path.Combine(directory, "soak.json"), JsonSerializer.Serialize(report, Indented));
        if (samples.Count > 1)
        {
            using FileStream page = File.Create(Path.Combine(directory, "soak.html"));
            HtmlPage.Write(page, ToPage(samples, risen));
        }
    }

    private static HtmlReport ToPage(IReadOnlyList<SoakSample> samples, IReadOnlyList<string> risen) => new(
        "A mixed load, verified byte by byte",
        string.Create(CultureInfo.InvariantCulture, $"{samples[^1].StepCount:N0} operations in {samples[^1].Seconds / 60:F1} minutes"),
        risen.Count == 0 ? "The last quarter holds no more than the second." : string.Join("; ", risen),
        [
            new HtmlGroup(
                "Curve",
                string.Empty,
                [
                    Lines("Memory", "bytes", HtmlUnit.Bytes, samples,
                    [
                        ("resident set of the process", static sample => sample.ResidentByteCount),
                        ("held by what is under load", static sample => sample.NativeByteCount),
                        ("committed by heaps and pages", static sample => sample.CommittedByteCount),
                        ("committed by the managed heap", static sample => sample.ManagedByteCount),
                    ]),
                    Lines("Mappings of the process", "mappings", HtmlUnit.Count, samples, [("mappings", static sample => sample.MappingCount)]),
                ]),
        ]);

    private static LinesSection Lines(
        string title,
        string axis,
        HtmlUnit unit,
        IReadOnlyList<SoakSample> samples,
        IReadOnlyList<(string Name, Func<SoakSample, double> Read)> series) => new(
            unit,
            axis,
            "seconds",
            [.. samples.Select(static sample => sample.Seconds)],
            [.. series.Select(line => new HtmlSeries(line.Name, [.. samples.Select(sample => (double?)line.Read(sample))]))])
        {
            Title = title,
        };

    private static string ToLine(SoakSample sample) => string.Create(
        CultureInfo.InvariantCulture,
        $"{sample.Seconds:F1},{sample.StepCount},{sample.ResidentByteCount},{sample.MappingCount},{sample.NativeByteCount},{sample.CommittedByteCount},{sample.ManagedByteCount}");
}
