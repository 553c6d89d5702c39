using BenchmarkDotNet.Attributes;

namespace NativeVm.Bench.Heaps;

/// <summary>Giving back a random one of many blocks of 16 to 1,024 bytes, and taking another in its place.</summary>
[MemoryDiagnoser]
public unsafe class BlockReplaceBenchmark
{
    private const int Batch = 10_000;
    private readonly Random _random = new(1);
    private BlockSource _blocks = null!;
    private nint[] _live = [];

    [ParamsAllValues]
    public HeapContender Contender { get; set; }

    [Params(1_000, 1_000_000)]
    public int Live { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        _blocks = BlockSource.Create(Contender);
        _live = new nint[Live];
        for (int i = 0; i < Live; i++)
        {
            _live[i] = (nint)_blocks.Allocate(Size());
        }
    }

    [GlobalCleanup]
    public void CleanUp()
    {
        Array.ForEach(_live, block => _blocks.Free((void*)block));
        _blocks.Dispose();
    }

    [Benchmark(OperationsPerInvoke = Batch)]
    public void Replace()
    {
        for (int i = 0; i < Batch; i++)
        {
            ref nint block = ref _live[_random.Next(_live.Length)];
            _blocks.Free((void*)block);
            block = (nint)_blocks.Allocate(Size());
        }
    }

    private nuint Size() => (nuint)_random.Next(16, 1_025);
}
