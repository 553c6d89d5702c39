using System.Buffers.Binary;

namespace NativeVm.Tests.Objects;

/// <summary>Bytes that say where in a stream they are.</summary>
internal static class PipePattern
{
    public static void Fill(Span<byte> bytes, ulong position)
    {
        for (; (position & 7) != 0 && !bytes.IsEmpty; bytes = bytes[1..])
        {
            bytes[0] = ByteAt(position++);
        }

        for (; bytes.Length >= 8; bytes = bytes[8..])
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, WordAt(position));
            position += 8;
        }

        for (; !bytes.IsEmpty; bytes = bytes[1..])
        {
            bytes[0] = ByteAt(position++);
        }
    }

    public static void Verify(ReadOnlySpan<byte> bytes, ulong position)
    {
        for (; (position & 7) != 0 && !bytes.IsEmpty; bytes = bytes[1..])
        {
            Require(bytes[0] == ByteAt(position), position++);
        }

        for (; bytes.Length >= 8; bytes = bytes[8..])
        {
            Require(BinaryPrimitives.ReadUInt64LittleEndian(bytes) == WordAt(position), position);
            position += 8;
        }

        for (; !bytes.IsEmpty; bytes = bytes[1..])
        {
            Require(bytes[0] == ByteAt(position), position++);
        }
    }

    private static ulong WordAt(ulong position) => (position + 1) * 0x9e37_79b9_7f4a_7c15;

    private static byte ByteAt(ulong position) => (byte)(WordAt(position & ~7UL) >> (int)((position & 7) * 8));

    private static void Require(bool isRight, ulong position) => Assert.True(isRight, $"Byte {position} is another one.");
}
