using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace NativeVm.Heaps;

/// <summary>
/// One thread's blocks of one size: three cache lines, and all that allocating touches. Only the owner writes.
/// </summary>
/// <remarks>
/// <para>
/// The blocks that the thread hands out next are in <see cref="Recent"/>, a stack, their bits in the slab clear: what it
/// freed last, so that freeing and allocating in turn changes no bitmap, and some that are taken along whenever the
/// stack is empty.
/// </para>
/// <para>
/// <see cref="Last"/> stays with the block that was handed out last: who frees that next knows by one comparison that it
/// is a block in use, of his own, from its first byte, and leaves it there for the next allocation. All others go to
/// the stack. So who allocates and frees in turn uses this field alone, who does so at random hardly ever finds
/// it free, and the processor foresees either. The field may forget a block in use at any time; it must, when another
/// thread frees it.
/// </para>
/// </remarks>
[StructLayout(LayoutKind.Sequential, Size = ByteCount)]
internal unsafe struct SizeBin
{
    /// <summary>Bytes of a bin.</summary>
    public const int ByteCount = 192;

    /// <summary>The blocks that <see cref="Recent"/> has room for.</summary>
    public const int RecentCapacity = 12;

    /// <summary>
    /// The block that was handed out last, while it is in use; its complement while it is free; 0 for none. Another
    /// thread that frees the block takes its name out.
    /// </summary>
    public nuint Last;

    /// <summary>The top of the stack: the place of the block that is next, or the 0 at its bottom.</summary>
    public ulong* Top;

    /// <summary>The free blocks of the current word, what is recent left out.</summary>
    public ulong Bits;

    /// <summary>The address of the current word's first block.</summary>
    public byte* WordStart;

    /// <summary>The current word; null before the first.</summary>
    public WordPair* Word;

    /// <summary><see cref="SizeClass.Reciprocal"/>.</summary>
    public ulong Reciprocal;

    /// <summary><see cref="SizeClass.BlockByteCount"/>.</summary>
    public uint BlockByteCount;

    /// <summary><see cref="SizeClass.SlabMask"/>.</summary>
    public uint SlabMask;

    /// <summary><see cref="SizeClass.BlockCount"/>.</summary>
    public uint BlockCount;

    /// <summary>Odd while the current word changes, and another number after each change.</summary>
    public uint Version;

    /// <summary>The current word's slab; null before the first.</summary>
    public RunRecord* Current;

    /// <summary>The stack: 0, blocks up to <see cref="Top"/>, and what was there before.</summary>
    public fixed ulong Recent[RecentCapacity + 1];

    /// <summary>The first slab of the list of those with free blocks, the current one left out; 0 for none.</summary>
    public uint Head;

    /// <summary>The last slab of the list. A slab that was full joins here, so that it gathers more before its turn.</summary>
    public uint Tail;

    /// <summary>Blocks that may be in <see cref="Recent"/>: all that fit, or few of large ones.</summary>
    public ushort RecentLimit;

    /// <summary>Whether a block is among those to be handed out next. Any thread may ask for a block in use.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsRecent(SizeBin* bin, nuint block)
    {
        if (bin->Last == ~block)
        {
            return true;
        }

        // Who has been handed the block sees at least as few on the stack as there were then.
        int count = (int)RecentCountOf(bin);
        Vector256<ulong> wanted = Vector256.Create((ulong)block);
        uint places = Vector256.Equals(Vector256.Load(bin->Recent + 1), wanted).ExtractMostSignificantBits()
            | (Vector256.Equals(Vector256.Load(bin->Recent + 5), wanted).ExtractMostSignificantBits() << 4)
            | (Vector256.Equals(Vector256.Load(bin->Recent + 9), wanted).ExtractMostSignificantBits() << 8);
        return (places & ((1u << count) - 1)) != 0;
    }

    /// <summary>Whether a value of <see cref="Last"/> is a free block's: no address has the highest bit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsFree(nuint last) => (nint)last < 0;

    /// <summary>The blocks in <see cref="Recent"/>.</summary>
    public static uint RecentCountOf(SizeBin* bin) => (uint)((ulong*)Volatile.Read(ref *(nuint*)&bin->Top) - bin->Recent);

    /// <summary>The blocks that are neither in use nor free in their slabs.</summary>
    public static uint KeptCountOf(SizeBin* bin) => RecentCountOf(bin) + (IsFree(bin->Last) ? 1u : 0);

    /// <summary>Takes the last block, or the topmost of the stack.</summary>
    /// <returns>The block; null when there is none.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void* Take(SizeBin* bin)
    {
        nuint last = bin->Last;
        if (IsFree(last))
        {
            bin->Last = ~last;
            return (void*)~last;
        }

        ulong* top = bin->Top;
        ulong block = *top;
        if (block != 0)
        {
            bin->Top = top - 1;
            bin->Last = (nuint)block;
        }

        return (void*)(nuint)block;
    }

    /// <summary>Puts a block on the stack that was in use.</summary>
    /// <returns>Whether there is room.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryPush(SizeBin* bin, nuint block)
    {
        ulong* place = bin->Top + 1;
        if (place > bin->Recent + bin->RecentLimit)
        {
            return false;
        }

        *place = block;
        Volatile.Write(ref *(nuint*)&bin->Top, (nuint)place);
        return true;
    }

    /// <summary>Makes the bin forget a block in use that another thread has freed. For that thread.</summary>
    public static void Forget(SizeBin* bin, nuint block)
    {
        if (Volatile.Read(ref bin->Last) == block)
        {
            _ = Interlocked.CompareExchange(ref bin->Last, 0, block);
        }
    }
}
