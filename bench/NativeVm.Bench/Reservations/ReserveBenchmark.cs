using BenchmarkDotNet.Attributes;

namespace NativeVm.Bench.Reservations;

/// <summary>Makes a map and disposes of it: what address space costs, which is the same however much it is.</summary>
public class ReserveBenchmark
{
    /// <summary>The map's length is two to this.</summary>
    [Params(36, 40, 44)]
    public int Log2 { get; set; }

    [Benchmark]
    public nuint ReserveAndRelease()
    {
        using VmMap map = new(new VmMapOptions { ByteCount = (nuint)1 << Log2 });
        return map.MinAddress;
    }
}
