using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace NativeVm.Heaps;

/// <summary>
/// One thread's blocks of one size: two cache lines, and all that allocating touches. Only the owner writes.
/// </summary>
/// <remarks>
/// The blocks that the thread freed last are in <see cref="Last"/> and <see cref="Recent"/>, their bits in the slab
/// still clear, so that freeing and allocating in turn changes no bitmap. The field of its own stays with its block
/// when that is handed out: who frees it next knows by one comparison that it is a block in use, of his own, from
/// its first byte. The field may forget a block in use at any time; it must, when another thread frees it.
/// </remarks>
[StructLayout(LayoutKind.Sequential, Size = ByteCount)]
internal unsafe struct SizeBin
{
    /// <summary>Bytes of a bin.</summary>
    public const int ByteCount = 128;

    /// <summary>The blocks that <see cref="Recent"/> has room for.</summary>
    public const int RecentCapacity = 6;

    /// <summary>
    /// The block that was handed out last of those that are recent, while it is in use; the complement of a block
    /// while it is free; 0 for none. Another thread that frees the block takes its name out.
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

    /// <summary>More blocks that the thread has freed, from the start; 0 where there is none.</summary>
    public fixed ulong Recent[RecentCapacity];

    /// <summary>The current word's slab; null before the first.</summary>
    public RunRecord* Current;

    /// <summary>The last slab of the list. A slab that was full joins here, so that it gathers more before its turn.</summary>
    public uint Tail;

    /// <summary>Blocks that may be in <see cref="Recent"/>: all that fit, or none of large ones.</summary>
    public ushort RecentLimit;

    /// <summary>How many sweeps the current slab has been the current one in; counted until its unused end is given back.</summary>
    public ushort SweepCount;

    /// <summary>Whether a block is among those that the thread has freed last. Any thread may ask for a block in use.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsRecent(SizeBin* bin, nuint block)
    {
        if (bin->Last == ~block)
        {
            return true;
        }

        if (Volatile.Read(ref bin->RecentCount) == 0)
        {
            return false;
        }

        Vector128<ulong> wanted = Vector128.Create((ulong)block);
        Vector128<ulong> equal = Vector128.Equals(Vector128.Load(bin->Recent), wanted)
            | Vector128.Equals(Vector128.Load(bin->Recent + 2), wanted)
            | Vector128.Equals(Vector128.Load(bin->Recent + 4), wanted);
        return equal != Vector128<ulong>.Zero;
    }

    /// <summary>Whether a value of <see cref="Last"/> is a free block's: no address has the highest bit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsFree(nuint last) => (nint)last < 0;

    /// <summary>Takes one of the blocks freed last; there is one, and <see cref="Last"/> is not free.</summary>
    public static void* TakeRecent(SizeBin* bin)
    {
        uint index = --bin->RecentCount;
        nuint block = (nuint)bin->Recent[index];
        bin->Recent[index] = 0;
        bin->Last = block;
        return (void*)block;
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
