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
/// <see cref="Last"/> names the block that was taken from the stack last: who frees it next knows by one comparison
/// that it is a block in use, of his own, from its first byte. The field may forget a block at any time; it must,
/// when another thread frees it.
/// </para>
/// </remarks>
[StructLayout(LayoutKind.Sequential, Size = ByteCount)]
internal unsafe struct SizeBin
{
    /// <summary>Bytes of a bin.</summary>
    public const int ByteCount = 192;

    /// <summary>The blocks that <see cref="Recent"/> has room for.</summary>
    public const int RecentCapacity = 14;

    /// <summary>
    /// The block that was handed out last, while it is in use and there is room for it in <see cref="Recent"/>; otherwise
    /// 0. Another thread that frees the block takes its name out.
    /// </summary>
    public nuint Last;

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

    /// <summary>Blocks in <see cref="Recent"/>.</summary>
    public uint RecentCount;

    /// <summary>Odd while the current word changes, and another number after each change.</summary>
    public uint Version;

    /// <summary>The first slab of the list of those with free blocks, the current one left out; 0 for none.</summary>
    public uint Head;

    /// <summary>The blocks to be handed out next, the last of them first; 0 where there is none.</summary>
    public fixed ulong Recent[RecentCapacity];

    /// <summary>The current word's slab; null before the first.</summary>
    public RunRecord* Current;

    /// <summary>The last slab of the list. A slab that was full joins here, so that it gathers more before its turn.</summary>
    public uint Tail;

    /// <summary>Blocks in <see cref="Recent"/> at which it is emptied by half; there is room for one more.</summary>
    public ushort RecentLimit;

    /// <summary>How many sweeps the current slab has been the current one in; counted until its unused end is given back.</summary>
    public ushort SweepCount;

    /// <summary>Whether a block is among those to be handed out next. Any thread may ask for a block in use.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsRecent(SizeBin* bin, nuint block)
    {
        if (Volatile.Read(ref bin->RecentCount) == 0)
        {
            return false;
        }

        // The last two vectors overlap.
        Vector256<ulong> wanted = Vector256.Create((ulong)block);
        Vector256<ulong> equal = Vector256.Equals(Vector256.Load(bin->Recent), wanted)
            | Vector256.Equals(Vector256.Load(bin->Recent + 4), wanted)
            | Vector256.Equals(Vector256.Load(bin->Recent + 8), wanted)
            | Vector256.Equals(Vector256.Load(bin->Recent + RecentCapacity - 4), wanted);
        return equal != Vector256<ulong>.Zero;
    }

    /// <summary>Takes the last of the blocks to be handed out, of which there are so many, 1 or more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void* Pop(SizeBin* bin, uint count)
    {
        nuint index = count - 1;
        ulong* place = bin->Recent + index;
        nuint block = (nuint)(*place);
        *place = 0;
        bin->RecentCount = (uint)index;
        bin->Last = block;
        return (void*)block;
    }

    /// <summary>Puts a block, known to be in use and now free, where it is handed out next. There is room.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Push(SizeBin* bin, nuint block)
    {
        nuint count = bin->RecentCount;
        bin->Recent[count] = block;
        bin->RecentCount = (uint)count + 1;
        return (uint)count + 1;
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
