using System.Globalization;
using System.Text.Json;

namespace NativeVm.Tests.Soak;

/// <summary>Writes the curve of a run: <c>soak.csv</c> for tables, <c>soak.json</c> with the verdict.</summary>
internal static class SoakReport
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Writes both files, replacing earlier ones.</summary>
    public static void Write(string directory, IReadOnlyList<SoakSample> samples, IReadOnlyList<string> risen)
    {
        Directory.CreateDirectory(directory);
        File.WriteAllLines(
            Path.Combine(directory, "soak.csv"),
            samples.Select(ToLine).Prepend("seconds,steps,resident_bytes,mappings,native_bytes,managed_bytes"));
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
                managedBytes = sample.ManagedByteCount,
            }),
        };
        File.WriteAllText(Path.Combine(directory, "soak.json"), JsonSerializer.Serialize(report, Indented));
    }

    private static string ToLine(SoakSample sample) => string.Create(
        CultureInfo.InvariantCulture,
        $"{sample.Seconds:F1},{sample.StepCount},{sample.ResidentByteCount},{sample.MappingCount},{sample.NativeByteCount},{sample.ManagedByteCount}");
}
