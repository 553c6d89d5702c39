using BenchmarkDotNet.Attributes;
using NativeVm.Platform;

namespace NativeVm.Bench.Maps;

/// <summary>65,536 guards in one map: through the map, and by the system's call alone.</summary>
[MemoryDiagnoser]
public class GuardBenchmark
{
    private const int GuardCount = 65_536;

    private VmMap? _map;

    [IterationSetup]
    public void SetUp()
    {
        _map = new VmMap(new VmMapOptions { ByteCount = (nuint)GuardCount * 3 * VmPlatform.Current.PageSize });
        _map.FindFixed(_map.MinAddress, (nuint)GuardCount * 2 * _map.PageSize, VmEntryAttributes.ReadWrite).ThrowIfFailed();
    }

    [IterationCleanup]
    public void CleanUp() => _map?.Dispose();

    [Benchmark(OperationsPerInvoke = GuardCount)]
    public nuint ThroughTheMap()
    {
        nuint page = _map!.PageSize;
        for (nuint i = 0; i < GuardCount; i++)
        {
            _map.Guard(_map.MinAddress + (((2 * i) + 1) * page), page).ThrowIfFailed();
        }

        return _map.GetStatistics().MappingCount;
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = GuardCount)]
    public nuint BySystemCalls()
    {
        nuint page = _map!.PageSize;
        for (nuint i = 0; i < GuardCount; i++)
        {
            _map.Platform.InstallGuard(_map.MinAddress + (((2 * i) + 1) * page), page).ThrowIfRefused();
        }

        return _map.GetStatistics().MappingCount;
    }
}
