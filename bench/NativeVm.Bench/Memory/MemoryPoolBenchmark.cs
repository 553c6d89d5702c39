using System.Buffers;
using BenchmarkDotNet.Attributes;

namespace NativeVm.Bench.Memory;

/// <summary>Rents a buffer and returns it: what one would pick instead, beside it.</summary>
[MemoryDiagnoser]
public class MemoryPoolBenchmark : IDisposable
{
    private readonly VmMemoryPool<byte> _pool = new(new VmMemoryPoolOptions());
    private readonly VmMemoryPool<byte> _pressing = new(new VmMemoryPoolOptions { AddsMemoryPressure = true });

    [Params(4096, 65536, 1 << 20, 8 << 20)]
    public int ByteCount { get; set; }

    [Benchmark(Baseline = true)]
    public byte SharedMemoryPool()
    {
        using IMemoryOwner<byte> owner = MemoryPool<byte>.Shared.Rent(ByteCount);
        Span<byte> span = owner.Memory.Span;
        return span[0] = span[^1] = 1;
    }

    [Benchmark]
    public byte SharedArrayPool()
    {
        byte[] array = ArrayPool<byte>.Shared.Rent(ByteCount);
        array[0] = array[^1] = 1;
        ArrayPool<byte>.Shared.Return(array);
        return 1;
    }

    [Benchmark]
    public byte NativePool()
    {
        using IMemoryOwner<byte> owner = _pool.Rent(ByteCount);
        Span<byte> span = owner.Memory.Span;
        return span[0] = span[^1] = 1;
    }

    [Benchmark]
    public byte NativePoolWithPressure()
    {
        using IMemoryOwner<byte> owner = _pressing.Rent(ByteCount);
        Span<byte> span = owner.Memory.Span;
        return span[0] = span[^1] = 1;
    }

    [Benchmark]
    public byte NewArray()
    {
        byte[] array = new byte[ByteCount];
        return array[0] = array[^1] = 1;
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _pool.Dispose();
        _pressing.Dispose();
        GC.SuppressFinalize(this);
    }
}
