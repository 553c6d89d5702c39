using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace NativeVm.Objects;

/// <summary>
/// One of the two headers of an arena's file, in the byte order of the machine. A header is whole when its checksum is
/// right; of two that are, the one with the higher sequence counts.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ArenaHeader
{
    /// <summary>Bytes in front of the data; the granularity of every system divides it, so a file moves between them.</summary>
    public const nuint AreaByteCount = 64 << 10;

    /// <summary>Where the second header is: in another block of every device, so that one write never tears both.</summary>
    public const nuint SecondOffset = AreaByteCount / 2;

    /// <summary>"NVMARENA" in a file of a machine that stores the lowest byte first.</summary>
    public const ulong ExpectedMagic = 0x414E_4552_414D_564E;

    public const uint ExpectedVersion = 1;

    public ulong Magic;
    public uint Version;
    public uint AddressByteCount;
    public ulong BaseAddress;
    public ulong SpanByteCount;

    /// <summary>Where the next allocation begins, from the base, in bytes.</summary>
    public ulong UsedByteCount;

    public ulong Root;
    public ulong FormatVersion;
    public ulong Sequence;
    public ulong Checksum;

    public readonly bool IsWhole => Checksum == ChecksumOf(this);

    public static ulong OffsetOf(ulong sequence) => (sequence & 1) * SecondOffset;

    public void Seal() => Checksum = ChecksumOf(this);

    // FNV-1a over 64-bit words, each folded once more: it is to notice a torn write, not an attacker.
    private static ulong ChecksumOf(in ArenaHeader header)
    {
        const ulong Prime = 0x0000_0100_0000_01b3;
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<ArenaHeader, ulong>(new ReadOnlySpan<ArenaHeader>(in header));
        ulong hash = 0xcbf2_9ce4_8422_2325;
        foreach (ulong word in words[..((Unsafe.SizeOf<ArenaHeader>() / sizeof(ulong)) - 1)])
        {
            hash = (hash ^ word) * Prime;
            hash ^= hash >> 32;
        }

        return hash;
    }
}
