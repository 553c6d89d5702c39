namespace NativeVm.Tool.Profiling.Maps;

/// <summary>How many entries the map workloads are usually run with.</summary>
internal static class MapLive
{
    /// <summary>The numbers.</summary>
    public static ReadOnlySpan<int> Usual => [1_000, 100_000];
}
