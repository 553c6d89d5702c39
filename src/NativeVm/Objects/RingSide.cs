using System.Runtime.InteropServices;

namespace NativeVm.Objects;

/// <summary>
/// How far one side of a ring has come. Its fields lie 128 bytes from whatever is beside them, because processors
/// fetch lines in pairs: neither side slows the other by writing what is its own.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal struct RingSide
{
    /// <summary>Bytes ever, published to the other side.</summary>
    [FieldOffset(128)]
    public ulong Position;

    /// <summary>The other side's position when this side last looked.</summary>
    [FieldOffset(136)]
    public ulong Seen;

    /// <summary>The position modulo the capacity, kept so that nothing is ever divided.</summary>
    [FieldOffset(144)]
    public nuint Offset;

    public void Advance(nuint byteCount, nuint capacity)
    {
        nuint offset = Offset + byteCount;
        Offset = offset >= capacity ? offset - capacity : offset;

        // Releases what was read or written before it to the side that sees the position.
        Volatile.Write(ref Position, Position + byteCount);
    }

    public void Look(ref RingSide other) => Seen = Volatile.Read(ref other.Position);
}
