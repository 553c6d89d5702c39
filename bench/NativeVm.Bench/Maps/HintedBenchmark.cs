using BenchmarkDotNet.Attributes;
using NativeVm.Tool.Profiling.Maps;

namespace NativeVm.Bench.Maps;

/// <summary>Finds space from a random page on.</summary>
public class HintedBenchmark : MapBenchmark
{
    private protected override ILaneMaker Maker => LaneMakers.Hinted;

    [Benchmark(OperationsPerInvoke = Batch)]
    public long Hinted() => RunBatch();
}
