using BenchmarkDotNet.Attributes;
using NativeVm.Tool.Profiling;
using NativeVm.Tool.Profiling.Maps;

namespace NativeVm.Bench.Maps;

/// <summary>Searches where every gap but the last is a page short (alignment 1) or misaligned.</summary>
[MemoryDiagnoser]
public class AdversarialBenchmark
{
    private const int Batch = 20;

    private Lane? _lane;

    /// <summary>Entries in the map.</summary>
    [Params(1_000, 100_000, 1_000_000)]
    public int Live { get; set; }

    /// <summary>In pages; 1 stands for gaps that are one page short.</summary>
    [Params(1, 7, 8, 900, 1 << 18)]
    public int Alignment { get; set; }

    /// <summary>The index of the map alone, or the tree whose figures know nothing of alignment.</summary>
    [Params("index alone", "gap tree")]
    public string Contender { get; set; } = "";

    [GlobalSetup]
    public void SetUp()
    {
        AdversarialCase one = Alignment == 1 ? AdversarialCase.OneShort : AdversarialCase.Misaligned((ulong)Alignment);
        _lane = SpaceMapRegistry.Lanes(Live, one.SpanPageCount(Live), new Maker(one), isExact: true)
            .First(lane => lane.Allocator == Contender).Create();
        _lane.Run(Batch);
    }

    [GlobalCleanup]
    public void CleanUp() => _lane?.Dispose();

    [Benchmark(OperationsPerInvoke = Batch)]
    public long Search() => _lane!.Run(Batch);

    private sealed class Maker(AdversarialCase one) : ILaneMaker
    {
        public Lane Make<TMap>(TMap map, int live)
            where TMap : struct, ISpaceMap => new MapAdversarialLane<TMap>(map, live, one);
    }
}
