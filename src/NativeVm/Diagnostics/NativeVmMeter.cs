using System.Diagnostics.Metrics;

namespace NativeVm.Diagnostics;

/// <summary>
/// The meter <c>NativeVm</c>: instruments that are read when somebody listens, and cost nothing otherwise. Each gives
/// one measurement for every live instance that has the figure, tagged with its name and kind.
/// </summary>
internal static class NativeVmMeter
{
    private const string Bytes = "By";

    private static readonly Meter Meter = MakeMeter();

    /// <summary>Makes the meter, once.</summary>
    public static void Touch() => _ = Meter;

    private static Meter MakeMeter()
    {
        Meter meter = new(VmDiagnostics.MeterName);
        Gauge(meter, "nativevm.reserved", Bytes, "Address space reserved.", UsageFigures.Known, static u => u.ReservedByteCount);
        Gauge(meter, "nativevm.committed", Bytes, "Pages with memory behind them.", UsageFigures.Known, static u => u.CommittedByteCount);
        Gauge(meter, "nativevm.resident", Bytes, "Pages in memory.", UsageFigures.Resident, static u => u.ResidentByteCount);
        Gauge(meter, "nativevm.allocated", Bytes, "Memory in the hands of users.", UsageFigures.Known, static u => u.AllocatedByteCount);
        Gauge(meter, "nativevm.entries", "{entry}", "Entries or allocations.", UsageFigures.Known, static u => u.EntryCount);
        Gauge(meter, "nativevm.mappings", "{mapping}", "Mappings of the system.", UsageFigures.Mappings, static u => u.MappingCount);
        meter.CreateObservableCounter(
            "nativevm.purged",
            static () => Measure(UsageFigures.Known, static u => u.PurgedByteCount),
            Bytes,
            "Memory given back since the start.");
        return meter;
    }

    private static void Gauge(
        Meter meter, string name, string unit, string description, UsageFigures figures, Func<VmUsage, nuint?> figureOf) =>
        meter.CreateObservableGauge(name, () => Measure(figures, figureOf), unit, description);

    private static List<Measurement<long>> Measure(UsageFigures figures, Func<VmUsage, nuint?> figureOf)
    {
        List<Measurement<long>> measurements = [];
        foreach (IUsageSource source in LiveInstances.Snapshot())
        {
            if (source.TryGetUsage(figures, out VmUsage usage) && figureOf(usage) is { } figure)
            {
                measurements.Add(new Measurement<long>(
                    (long)Math.Min((ulong)figure, long.MaxValue),
                    new KeyValuePair<string, object?>(VmDiagnostics.NameTag, source.Name),
                    new KeyValuePair<string, object?>(VmDiagnostics.KindTag, source.Kind)));
            }
        }

        return measurements;
    }
}
