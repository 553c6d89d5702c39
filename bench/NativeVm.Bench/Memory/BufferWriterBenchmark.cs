using System.Buffers;
using BenchmarkDotNet.Attributes;

namespace NativeVm.Bench.Memory;

/// <summary>Writes many small pieces, from an empty writer: one that moves what it holds when it grows, and one that does not.</summary>
[MemoryDiagnoser]
public class BufferWriterBenchmark : IDisposable
{
    private const int Piece = 64;

    private readonly VmBufferWriter _kept = new(new VmBufferWriterOptions { MaxByteCount = 1 << 30 });

    [Params(1 << 20, 64 << 20)]
    public int ByteCount { get; set; }

    [Benchmark(Baseline = true)]
    public int ArrayWriter()
    {
        ArrayBufferWriter<byte> writer = new();
        Write(writer);
        return writer.WrittenCount;
    }

    [Benchmark]
    public nuint NativeWriter()
    {
        using VmBufferWriter writer = new(new VmBufferWriterOptions { MaxByteCount = 1 << 30 });
        Write(writer);
        return writer.WrittenByteCount;
    }

    [Benchmark]
    public nuint NativeWriterCleared()
    {
        Write(_kept);
        nuint written = _kept.WrittenByteCount;
        _kept.Clear();
        return written;
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _kept.Dispose();
        GC.SuppressFinalize(this);
    }

    private void Write<T>(T writer)
        where T : IBufferWriter<byte>
    {
        for (int i = 0; i < ByteCount; i += Piece)
        {
            writer.GetSpan(Piece)[..Piece].Fill(1);
            writer.Advance(Piece);
        }
    }
}
