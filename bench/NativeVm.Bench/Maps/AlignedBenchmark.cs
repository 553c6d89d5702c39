using BenchmarkDotNet.Attributes;
using NativeVm.Tool.Profiling.Maps;

namespace NativeVm.Bench.Maps;

/// <summary>The same, a fifth of the requests aligned to 16 or 512 pages.</summary>
public class AlignedBenchmark : MapBenchmark
{
    private protected override ILaneMaker Maker => LaneMakers.Aligned;

    [Benchmark(OperationsPerInvoke = Batch)]
    public long Aligned() => RunBatch();
}
