using BenchmarkDotNet.Attributes;

namespace NativeVm.Bench.Reservations;

/// <summary>Grows a map from 64 MiB to 1 TiB by finding 64 MiB again and again.</summary>
public class GrowthBenchmark
{
    private const nuint Step = 64 << 20;
    private const int Growths = 1 << 14;

    /// <summary>The map's greatest length is two to this.</summary>
    [Params(40)]
    public int Log2 { get; set; }

    [Benchmark(OperationsPerInvoke = Growths)]
    public long FromMebibytesToATebibyte()
    {
        using VmMap map = new(new VmMapOptions { ByteCount = Step, MaxByteCount = (nuint)1 << Log2, IsGrowable = true });
        long before = map.Platform.SystemCallCount;
        for (int i = 0; i < Growths; i++)
        {
            map.Find(Step, VmEntryAttributes.Reserved with { Tag = (ulong)i }, out _).ThrowIfFailed();
        }

        return map.Platform.SystemCallCount - before;
    }
}
