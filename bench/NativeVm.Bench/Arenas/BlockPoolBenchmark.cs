using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;

namespace NativeVm.Bench.Arenas;

/// <summary>
/// Allocates a block of 64 bytes and frees it, from a pool and from <see cref="NativeMemory"/>; the same for page frames,
/// and what a pin costs.
/// </summary>
[MemoryDiagnoser]
public unsafe class BlockPoolBenchmark : IDisposable
{
    private const int Count = 1000;

    private readonly BlockPool _pool = new(new BlockPoolOptions { BlockByteCount = 64, Capacity = 1 << 20, ZeroesMemory = false });
    private readonly FramePool _frames = new(new FramePoolOptions { FrameByteCount = 4096, FrameCount = 1 << 10, ZeroesMemory = false });

    private uint _frame;

    [Benchmark(Baseline = true, OperationsPerInvoke = Count)]
    public void Native()
    {
        for (int i = 0; i < Count; i++)
        {
            void* block = NativeMemory.Alloc(64);
            *(long*)block = i;
            NativeMemory.Free(block);
        }
    }

    [Benchmark(OperationsPerInvoke = Count)]
    public void Pool()
    {
        for (int i = 0; i < Count; i++)
        {
            *(long*)_pool.Allocate(out BlockHandle handle) = i;
            _pool.Free(handle);
        }
    }

    [Benchmark(OperationsPerInvoke = Count)]
    public void FramePinAndUnpin()
    {
        for (int i = 0; i < Count; i++)
        {
            _frames.Pin(_frame);
            _frames.Unpin(_frame);
        }
    }

    [Benchmark(OperationsPerInvoke = Count)]
    public void FrameAllocateAndFree()
    {
        for (int i = 0; i < Count; i++)
        {
            _frames.Free(_frames.Allocate());
        }
    }

    [GlobalSetup]
    public void SetUp() => _frame = _frames.Allocate();

    [GlobalCleanup]
    public void Dispose()
    {
        _pool.Dispose();
        _frames.Dispose();
        GC.SuppressFinalize(this);
    }
}
