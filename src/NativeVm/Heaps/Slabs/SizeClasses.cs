using System.Runtime.CompilerServices;

namespace NativeVm.Heaps;

/// <summary>
/// The block sizes of a heap. Sixteen bytes apart up to 256; from there a step is an eighth of the power of two
/// below up to 1 KiB, and a sixteenth from there to 32 KiB. So a block is larger than what was asked for by less
/// than 16 bytes, by less than an eighth above 128 bytes, and by less than a sixteenth above 1 KiB: larger blocks
/// fill whole pages, where a coarser step would cost resident memory, while smaller ones gain more from sharing slabs.
/// </summary>
/// <remarks>
/// A slab is 64 KiB, or four or eight times that share of one block above 8 KiB: at least seven blocks fit into each,
/// so that what is left over at its end is at most an eighth, and is never touched.
/// </remarks>
internal static unsafe class SizeClasses
{
    /// <summary>Number of block sizes.</summary>
    public const int Count = 112;

    /// <summary>The largest block in a slab; what is larger is a run of pages of its own.</summary>
    public const uint MaxByteCount = 32 << 10;

    /// <summary>Bytes in the smallest block, and what all blocks are aligned to.</summary>
    public const uint Granularity = 16;

    /// <summary>log2 of <see cref="Granularity"/>.</summary>
    public const int GranularityShift = 4;

    /// <summary>Bits of fraction in <see cref="SizeClass.Reciprocal"/>.</summary>
    public const int ReciprocalShift = 40;

    /// <summary>
    /// The most blocks in a slab, so that 32 bits can speak of its words. A slab of blocks of 16 bytes fills half of
    /// its addresses; the other half is never touched.
    /// </summary>
    public const uint MaxBlockCount = 32 * 64;

    /// <summary>The largest slab, and the largest alignment of one.</summary>
    public const uint MaxSlabByteCount = 256 << 10;

    // Pinned, and alive as long as the process.
    private static readonly SizeClass[] Classes = MakeClasses();
    private static readonly byte[] Numbers = MakeNumbers();

    /// <summary>The classes by number, in ascending size.</summary>
    public static SizeClass* All { get; } = (SizeClass*)Unsafe.AsPointer(ref Classes[0]);

    /// <summary>The number of the class of n bytes, at ⌈n / 16⌉, for n up to <see cref="MaxByteCount"/>.</summary>
    public static byte* NumberOf { get; } = (byte*)Unsafe.AsPointer(ref Numbers[0]);

    /// <summary>The number of the smallest class whose blocks have so many bytes.</summary>
    /// <param name="byteCount">At most <see cref="MaxByteCount"/>.</param>
    public static int Of(nuint byteCount) => NumberOf[(byteCount + (Granularity - 1)) >> GranularityShift];

    /// <summary>
    /// The number of the smallest class whose blocks have so many bytes and are all aligned, or -1: slabs start at
    /// multiples of 64 KiB, so blocks are aligned to whatever their size is a multiple of.
    /// </summary>
    /// <param name="byteCount">Any number of bytes.</param>
    /// <param name="alignment">A power of two.</param>
    public static int OfAligned(nuint byteCount, nuint alignment)
    {
        if (byteCount > MaxByteCount || alignment > MaxByteCount)
        {
            return -1;
        }

        for (int number = Of(Math.Max(byteCount, alignment)); number < Count; number++)
        {
            if ((All[number].BlockByteCount & (alignment - 1)) == 0)
            {
                return number;
            }
        }

        return -1;
    }

    private static SizeClass[] MakeClasses()
    {
        SizeClass[] classes = GC.AllocateArray<SizeClass>(Count, pinned: true);
        uint size = 0;
        for (int i = 0; i < Count; i++)
        {
            size += StepAbove(size);
            uint slab = size <= 8 << 10 ? 64u << 10 : size <= 16 << 10 ? 128u << 10 : MaxSlabByteCount;
            classes[i] = new SizeClass
            {
                BlockByteCount = size,
                SlabMask = slab - 1,
                BlockCount = Math.Min(slab / size, MaxBlockCount),
                Reciprocal = ((1UL << ReciprocalShift) + size - 1) / size,
            };
        }

        return classes;
    }

    private static uint StepAbove(uint size) => size switch
    {
        < 256 => 16,
        < 512 => 32,
        < 2 << 10 => 64,
        < 4 << 10 => 128,
        < 8 << 10 => 256,
        < 16 << 10 => 512,
        _ => 1 << 10,
    };

    private static byte[] MakeNumbers()
    {
        byte[] numbers = GC.AllocateArray<byte>((int)(MaxByteCount / Granularity) + 1, pinned: true);
        int number = 0;
        for (int i = 0; i < numbers.Length; i++)
        {
            number += Classes[number].BlockByteCount < i * Granularity ? 1 : 0;
            numbers[i] = (byte)number;
        }

        return numbers;
    }
}
