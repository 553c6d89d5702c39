using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;

namespace NativeVm.Bench.Objects;

/// <summary>
/// Streams 64 MiB through a buffer, in and out again, in pieces: through the mirrored one, whose pieces run over its
/// end; through a plain one of the same size whose pieces happen never to; and through a plain one that copies
/// around its end.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "The harness has it disposed of in the global cleanup.")]
public unsafe class MirroredBufferBenchmark
{
    private const nuint Total = 64 << 20;

    private MirroredBuffer _mirrored = null!;
    private byte* _plain;
    private byte* _input;
    private byte* _output;

    [Params(64 << 10, 1 << 20)]
    public int BufferByteCount { get; set; }

    [Params(1 << 10, 16 << 10)]
    public int PieceByteCount { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _mirrored = new MirroredBuffer(new MirroredBufferOptions { ByteCount = (nuint)BufferByteCount, IsPrefaulted = true });
        _plain = Filled(BufferByteCount);
        _input = Filled(PieceByteCount + 64);
        _output = Filled(PieceByteCount + 64);
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _mirrored.Dispose();
        NativeMemory.AlignedFree(_plain);
        NativeMemory.AlignedFree(_input);
        NativeMemory.AlignedFree(_output);
    }

    [Benchmark(Baseline = true)]
    public void Plain()
    {
        nuint piece = (nuint)PieceByteCount;
        nuint offset = 0;
        for (nuint done = 0; done < Total; done += piece)
        {
            Copy(_input, _plain + offset, piece);
            Copy(_plain + offset, _output, piece);
            offset = offset + piece == (nuint)BufferByteCount ? 0 : offset + piece;
        }
    }

    [Benchmark]
    public void Mirrored()
    {
        // Half a piece at first, so that one piece in each round runs over the end.
        nuint piece = (nuint)PieceByteCount;
        _ = Pass(piece / 2);
        for (nuint done = 0; done < Total; done += piece)
        {
            _ = Pass(piece);
        }
    }

    [Benchmark]
    public void PlainAroundItsEnd()
    {
        nuint piece = (nuint)PieceByteCount;
        nuint offset = piece / 2;
        for (nuint done = 0; done < Total; done += piece)
        {
            nuint first = Math.Min(piece, (nuint)BufferByteCount - offset);
            Copy(_input, _plain + offset, first);
            Copy(_input + first, _plain, piece - first);
            Copy(_plain + offset, _output, first);
            Copy(_plain, _output + first, piece - first);
            offset = offset + piece >= (nuint)BufferByteCount ? offset + piece - (nuint)BufferByteCount : offset + piece;
        }
    }

    private static byte* Filled(int byteCount)
    {
        byte* memory = (byte*)NativeMemory.AlignedAlloc((nuint)byteCount, 4096);
        new Span<byte>(memory, byteCount).Fill(1);
        return memory;
    }

    private static void Copy(byte* from, byte* to, nuint byteCount) => Buffer.MemoryCopy(from, to, byteCount, byteCount);

    private bool Pass(nuint piece)
    {
        if (!_mirrored.TryGetWriteSpan(piece, out Span<byte> room))
        {
            return false;
        }

        new ReadOnlySpan<byte>(_input, (int)piece).CopyTo(room);
        _mirrored.AdvanceWriter(piece);
        if (!_mirrored.TryGetReadSpan(piece, out ReadOnlySpan<byte> data))
        {
            return false;
        }

        data[..(int)piece].CopyTo(new Span<byte>(_output, (int)piece));
        _mirrored.AdvanceReader(piece);
        return true;
    }
}
