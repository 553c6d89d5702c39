using NativeVm.Diagnostics;

namespace NativeVm;

/// <summary>
/// What this process has of maps, allocators and buffers, and what they hold: the figures behind the meter
/// <see cref="MeterName"/>, for a program that wants them itself, and the allocations that nobody has freed.
/// </summary>
/// <remarks>
/// Everything that has a name is listed from its construction to its disposal, and is not kept alive by it. All
/// members are safe for any number of threads. Asking takes the shared lock of each map and allocates; nothing is
/// done when nobody asks.
/// </remarks>
public static class VmDiagnostics
{
    /// <summary>The name of the meter (<see cref="System.Diagnostics.Metrics.Meter"/>).</summary>
    public const string MeterName = "NativeVm";

    /// <summary>The name of the event source (<see cref="System.Diagnostics.Tracing.EventSource"/>).</summary>
    public const string EventSourceName = "NativeVm";

    /// <summary>The tag of a measurement with the instance's name.</summary>
    public const string NameTag = "nativevm.name";

    /// <summary>The tag of a measurement with the instance's kind.</summary>
    public const string KindTag = "nativevm.kind";

    /// <summary>
    /// The switch (<see cref="AppContext"/>, or <c>RuntimeHostConfigurationOption</c> in a project file) that has
    /// every allocation recorded with its site; read once, before the first allocation.
    /// </summary>
    public const string TrackingSwitch = "NativeVm.TracksAllocations";

    /// <summary>Whether <see cref="TrackingSwitch"/> is on.</summary>
    public static bool TracksAllocations => AllocationTracking.IsOn;

    /// <summary>All that is in use, with all its figures.</summary>
    /// <returns>One for each instance, in no order.</returns>
    /// <remarks>Counts resident pages and mappings, which asks the system: up to milliseconds for a large map.</remarks>
    public static IReadOnlyList<VmInstanceUsage> GetInstances()
    {
        List<VmInstanceUsage> instances = [];
        foreach (IUsageSource source in LiveInstances.Snapshot())
        {
            if (source.TryGetUsage(UsageFigures.All, out VmUsage usage))
            {
                instances.Add(new VmInstanceUsage(source.Name, source.Kind, usage));
            }
        }

        return instances;
    }

    /// <summary>What has been allocated and not been freed, by who holds it and by the place that asked for it.</summary>
    /// <returns>The report; without entries when nothing is left, or when <see cref="TracksAllocations"/> is off.</returns>
    /// <remarks>At the end of a program, or of a test, all that is in it has leaked.</remarks>
    public static VmLeakReport GetLeakReport() => AllocationTracking.GetReport();
}
