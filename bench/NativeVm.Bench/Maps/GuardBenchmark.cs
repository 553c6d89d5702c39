using BenchmarkDotNet.Attributes;
using NativeVm.Platform;

namespace NativeVm.Bench.Maps;

/// <summary>
/// A map of committed pages, a guard in every other one, and the map's end: through the map, and by the system's call
/// alone.
/// </summary>
public class GuardBenchmark
{
    private const int Guards = 65_536;

    /// <summary>How many guards.</summary>
    [Params(Guards)]
    public int GuardCount { get; set; }

    [Benchmark(OperationsPerInvoke = Guards)]
    public nuint ThroughTheMap()
    {
        using VmMap map = MakeMap();
        nuint page = map.PageSize;
        for (nuint i = 0; i < (nuint)GuardCount; i++)
        {
            map.Guard(map.MinAddress + (((2 * i) + 1) * page), page).ThrowIfFailed();
        }

        return map.GetStatistics().MappingCount;
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Guards)]
    public nuint BySystemCalls()
    {
        using VmMap map = MakeMap();
        nuint page = map.PageSize;
        for (nuint i = 0; i < (nuint)GuardCount; i++)
        {
            map.Platform.InstallGuard(map.MinAddress + (((2 * i) + 1) * page), page).ThrowIfRefused();
        }

        return map.GetStatistics().MappingCount;
    }

    private VmMap MakeMap()
    {
        VmMap map = new(new VmMapOptions { ByteCount = (nuint)GuardCount * 3 * VmPlatform.Current.PageSize });
        map.FindFixed(map.MinAddress, (nuint)GuardCount * 2 * map.PageSize, VmEntryAttributes.ReadWrite).ThrowIfFailed();
        return map;
    }
}
