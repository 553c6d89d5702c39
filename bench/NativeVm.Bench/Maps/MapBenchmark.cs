using BenchmarkDotNet.Attributes;
using NativeVm.Tool.Profiling;
using NativeVm.Tool.Profiling.Maps;

namespace NativeVm.Bench.Maps;

/// <summary>Runs the lane of one contender at one operation.</summary>
[MemoryDiagnoser]
public abstract class MapBenchmark
{
    /// <summary>Operations in one invocation.</summary>
    protected const int Batch = 1000;

    private Lane? _lane;

    /// <summary>Entries in the map.</summary>
    [Params(1_000, 100_000, 1_000_000)]
    public int Live { get; set; }

    /// <summary>Who runs.</summary>
    [ParamsAllValues]
    public Contender Contender { get; set; }

    private protected virtual ulong PageCount => RandomFill.PageCount(Live);

    private protected abstract ILaneMaker Maker { get; }

    [GlobalSetup]
    public void SetUp()
    {
        string name = Contender switch
        {
            Contender.GapTree => "gap tree",
            Contender.NativeVm => "NativeVm",
            Contender.Index => "index alone",
            _ => "SortedSet pair",
        };
        _lane = SpaceMapRegistry.Lanes(Live, PageCount, Maker).First(lane => lane.Allocator == name).Create();
        _lane.Run(100_000);
    }

    [GlobalCleanup]
    public void CleanUp() => _lane?.Dispose();

    private protected long RunBatch() => _lane!.Run(Batch);
}
