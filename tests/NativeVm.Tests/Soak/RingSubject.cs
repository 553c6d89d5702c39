using System.Runtime.InteropServices;

namespace NativeVm.Tests.Soak;

/// <summary>A mirrored buffer of the lane's own: numbers go in and come out in order.</summary>
internal sealed class RingSubject : SoakSubject
{
    private MirroredBuffer _buffer = Make();
    private ulong _written;
    private ulong _read;

    public override nuint NativeByteCount => _buffer.Capacity;

    public override void Step(Random random)
    {
        nuint count = (nuint)random.Next(1, 400);
        if (random.Next(2) == 0)
        {
            if (_buffer.TryGetWriteSpan(count * sizeof(ulong), out Span<byte> bytes))
            {
                Span<ulong> words = MemoryMarshal.Cast<byte, ulong>(bytes)[..(int)count];
                for (int i = 0; i < words.Length; i++)
                {
                    words[i] = _written++;
                }

                _buffer.AdvanceWriter(count * sizeof(ulong));
            }
        }
        else
        {
            Read(nuint.Min(count * sizeof(ulong), _buffer.PendingByteCount));
        }
    }

    public override void Verify() => Read(_buffer.PendingByteCount);

    public override void Renew()
    {
        Dispose();
        _read = _written;
        _buffer = Make();
    }

    public override void Dispose() => _buffer.Dispose();

    private static MirroredBuffer Make() => new(new MirroredBufferOptions { ByteCount = 64 << 10, Name = "soak" });

    private void Read(nuint byteCount)
    {
        if (byteCount == 0)
        {
            return;
        }

        if (!_buffer.TryGetReadSpan(byteCount, out ReadOnlySpan<byte> bytes))
        {
            throw new SoakFailureException("A pipe does not give out what it says is in it.");
        }

        foreach (ulong word in MemoryMarshal.Cast<byte, ulong>(bytes[..(int)byteCount]))
        {
            if (word != _read++)
            {
                throw new SoakFailureException($"A pipe gives out {word} instead of {_read - 1}.");
            }
        }

        _buffer.AdvanceReader(byteCount);
    }
}
