using BenchmarkDotNet.Attributes;
using NativeVm.Tool.Profiling.Maps;

namespace NativeVm.Bench.Maps;

/// <summary>Replaces a random entry: remove, find first fit, insert.</summary>
public class ChurnBenchmark : MapBenchmark
{
    private protected override ILaneMaker Maker => LaneMakers.Churn;

    [Benchmark(OperationsPerInvoke = Batch)]
    public long Churn() => RunBatch();
}
