using System.Numerics;
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
/// freed last, so that freeing and allocating in turn changes no bitmap. The stack is filled and emptied by halves;
/// so in a random succession of frees and allocations, nearly all find it neither empty nor full, and the processor
/// foresees that.
/// </para>
/// <para>
/// What is taken from the stack stays where it was, above the top, until something is pushed over it. So whoever
/// frees the block right above the top knows by one comparison that it is a block in use, of his own, from its first
/// byte, and has it on the stack again by counting one more. Above the top there are blocks in use, in the order in
/// which freeing them would bring them back, and then a 0; nothing behind that is ever looked at. A push puts the 0
/// right above itself, and another thread that frees one of the blocks puts it in the block's place.
/// </para>
/// </remarks>
[StructLayout(LayoutKind.Sequential, Size = ByteCount)]
internal unsafe struct SizeBin
{
    /// <summary>Bytes of a bin.</summary>
    public const int ByteCount = 192;

    /// <summary>Places of <see cref="Recent"/>, of which the lowest and the highest hold no free block.</summary>
    public const int RecentCapacity = 14;

    /// <summary>The top of the stack: the place of the block that is handed out next, or the 0 at its bottom.</summary>
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

    /// <summary>The stack: 0, some free blocks, blocks in use, 0.</summary>
    public fixed ulong Recent[RecentCapacity];

    /// <summary>The first slab of the list of those with free blocks, the current one left out; 0 for none.</summary>
    public uint Head;

    /// <summary>The last slab of the list. A slab that was full joins here, so that it gathers more before its turn.</summary>
    public uint Tail;

    /// <summary>Free blocks in <see cref="Recent"/> at which it is emptied by half; there is room for one more.</summary>
    public ushort RecentLimit;

    /// <summary>How many sweeps the current slab has been the current one in; counted until its unused end is given back.</summary>
    public ushort SweepCount;

    /// <summary>Whether a block is among those to be handed out next. Any thread may ask for a block in use.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsRecent(SizeBin* bin, nuint block)
    {
        // Who has been handed the block sees at least as few on the stack as there were then.
        int count = (int)RecentCountOf(bin);
        return (Places(bin, block) & ((2u << count) - 2)) != 0;
    }

    /// <summary>The free blocks in <see cref="Recent"/>.</summary>
    public static uint RecentCountOf(SizeBin* bin) => (uint)((ulong*)Volatile.Read(ref *(nuint*)&bin->Top) - bin->Recent);

    /// <summary>Takes the topmost block of the stack.</summary>
    /// <returns>The block; null when there is none.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void* Pop(SizeBin* bin)
    {
        ulong* top = bin->Top;
        ulong block = *top;
        if (block != 0)
        {
            bin->Top = top - 1;
        }

        return (void*)(nuint)block;
    }

    /// <summary>Puts a block back that was taken from the top, if that is so.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryPutBack(SizeBin* bin, nuint block)
    {
        ulong* place = bin->Top + 1;
        if (*place != block)
        {
            return false;
        }

        bin->Top = place;
        return true;
    }

    /// <summary>Puts a block on the stack that was in use, and is not to be looked for above the top any more.</summary>
    /// <returns>Whether it is to be emptied by half.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Push(SizeBin* bin, nuint block)
    {
        ulong* place = bin->Top + 1;
        place[0] = block;
        place[1] = 0;
        Volatile.Write(ref *(nuint*)&bin->Top, (nuint)place);
        return place >= bin->Recent + bin->RecentLimit;
    }

    /// <summary>Makes the bin forget a block in use that another thread has freed. For that thread.</summary>
    public static void Forget(SizeBin* bin, nuint block)
    {
        for (uint places = Places(bin, block); places != 0; places &= places - 1)
        {
            _ = Interlocked.CompareExchange(ref bin->Recent[BitOperations.TrailingZeroCount(places)], 0, block);
        }
    }

    /// <summary>A bit for each place of the stack, above the top too, that holds a block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Places(SizeBin* bin, nuint block)
    {
        // The last two vectors overlap.
        const int LastPart = RecentCapacity - 4;
        Vector256<ulong> wanted = Vector256.Create((ulong)block);
        return Vector256.Equals(Vector256.Load(bin->Recent), wanted).ExtractMostSignificantBits()
            | (Vector256.Equals(Vector256.Load(bin->Recent + 4), wanted).ExtractMostSignificantBits() << 4)
            | (Vector256.Equals(Vector256.Load(bin->Recent + 8), wanted).ExtractMostSignificantBits() << 8)
            | (Vector256.Equals(Vector256.Load(bin->Recent + LastPart), wanted).ExtractMostSignificantBits() << LastPart);
    }
}
