using BenchmarkDotNet.Attributes;

namespace NativeVm.Bench.Heaps;

/// <summary>Taking a block and giving it back at once.</summary>
[MemoryDiagnoser]
public unsafe class BlockPairBenchmark
{
    private const int Batch = 1_000;
    private BlockSource _blocks = null!;

    [ParamsAllValues]
    public HeapContender Contender { get; set; }

    [Params(16, 64, 256, 1024, 16_384)]
    public int ByteCount { get; set; }

    [GlobalSetup]
    public void SetUp() => _blocks = BlockSource.Create(Contender);

    [GlobalCleanup]
    public void CleanUp() => _blocks.Dispose();

    [Benchmark(OperationsPerInvoke = Batch)]
    public void Allocate_and_free()
    {
        for (int i = 0; i < Batch; i++)
        {
            _blocks.Free(_blocks.Allocate((nuint)ByteCount));
        }
    }
}
