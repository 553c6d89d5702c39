using BenchmarkDotNet.Attributes;
using NativeVm.Tool.Profiling.Maps;

namespace NativeVm.Bench.Maps;

/// <summary>Finds the entry of a random page.</summary>
public class LookupBenchmark : MapBenchmark
{
    private protected override ILaneMaker Maker => LaneMakers.Lookup;

    [Benchmark(OperationsPerInvoke = Batch)]
    public long Lookup() => RunBatch();
}
