using System.Runtime.InteropServices;

namespace NativeVm.Heaps;

/// <summary>What all slabs of one block size have in common.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SizeClass
{
    /// <summary>⌈2^40 / <see cref="BlockByteCount"/>⌉: a block's number is its offset times this, shifted right by 40.</summary>
    public ulong Reciprocal;

    /// <summary>Bytes in a block, a multiple of 16.</summary>
    public uint BlockByteCount;

    /// <summary>Bytes in a slab, less one; slabs are aligned to their size, a power of two.</summary>
    public uint SlabMask;

    /// <summary>Blocks in a slab, at most <see cref="SizeClasses.MaxBlockCount"/>; what is left at its end is never handed out.</summary>
    public uint BlockCount;

    /// <summary>Bitmap words that a slab's blocks take, at most 32.</summary>
    public readonly uint WordCount => (BlockCount + 63) / 64;

    /// <summary>Bytes in a slab.</summary>
    public readonly uint SlabByteCount => SlabMask + 1;
}
