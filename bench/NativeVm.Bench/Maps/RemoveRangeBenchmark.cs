using System.Diagnostics.CodeAnalysis;
using BenchmarkDotNet.Attributes;

namespace NativeVm.Bench.Maps;

/// <summary>Removes a thousand entries by one call, or one by one, out of a map of a hundred times as many.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The clean-up disposes of it; benchmarks are not disposable.")]
public class RemoveRangeBenchmark
{
    private const nuint PageSize = 4096;
    private const int Entries = 1000;

    private VmMap? _map;

    [GlobalSetup]
    public void SetUp()
    {
        _map = new VmMap(new VmMapOptions { ByteCount = 400_000 * PageSize });
        using VmMapLockScope scope = _map.EnterWriteLock();
        for (int i = 0; i < 100 * Entries; i++)
        {
            Insert(i);
        }
    }

    [GlobalCleanup]
    public void CleanUp() => _map?.Dispose();

    [Benchmark(Baseline = true, OperationsPerInvoke = Entries)]
    public void OneByOne()
    {
        using VmMapLockScope scope = _map!.EnterWriteLock();
        for (int i = 0; i < Entries; i++)
        {
            _map.Delete(At(i), PageSize);
        }

        Refill();
    }

    [Benchmark(OperationsPerInvoke = Entries)]
    public void AtOnce()
    {
        using VmMapLockScope scope = _map!.EnterWriteLock();
        _map.Delete(At(0), At(Entries) - At(0));
        Refill();
    }

    private nuint At(int index) => _map!.MinAddress + ((nuint)index * 3 * PageSize);

    private void Insert(int index) =>
        _map!.Insert(At(index), PageSize, VmEntryAttributes.Reserved with { Tag = (ulong)index }).ThrowIfFailed();

    private void Refill()
    {
        for (int i = 0; i < Entries; i++)
        {
            Insert(i);
        }
    }
}
