namespace NativeVm.Tool.Profiling.Workloads;

/// <summary>All workloads, in the order in which they run.</summary>
internal static class WorkloadRegistry
{
    /// <summary>The workloads.</summary>
    public static IReadOnlyList<IWorkload> All { get; } = [new PageTouchWorkload()];
}
