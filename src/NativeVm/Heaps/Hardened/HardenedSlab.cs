using System.Runtime.InteropServices;

namespace NativeVm.Heaps;

/// <summary>The record of a slab of a hardened heap; a word for each block follows.</summary>
[StructLayout(LayoutKind.Sequential, Size = ByteCount)]
internal unsafe struct HardenedSlab
{
    /// <summary>Bytes before the words of the blocks.</summary>
    public const int ByteCount = 64;

    /// <summary>The block is in use; its length is in the lower bits.</summary>
    public const uint InUse = 1u << 31;

    /// <summary>The block has been freed and is held back.</summary>
    public const uint Quarantined = 1u << 30;

    /// <summary>The block is free, and filled with <see cref="VmHeap.FreedPattern"/>.</summary>
    public const uint Poisoned = 1u << 29;

    /// <summary>The block was written to after it had been freed, and is never handed out again.</summary>
    public const uint Lost = 1u << 28;

    /// <summary>The bits of the length.</summary>
    public const uint LengthMask = (1u << 20) - 1;

    /// <summary>As <see cref="RunRecord.Unit"/>, at the same place.</summary>
    public uint Unit;

    /// <summary>The link of free records, as <see cref="RunRecord.Next"/>.</summary>
    public uint Next;

    /// <summary>Blocks that can be handed out.</summary>
    public uint FreeCount;

    /// <summary>What is known of each block; 0 for one that is free and holds anything.</summary>
    public static uint* States(HardenedSlab* slab) => (uint*)((byte*)slab + ByteCount);

    /// <summary>Whether a block can be handed out.</summary>
    public static bool IsFree(uint state) => (state & (InUse | Quarantined | Lost)) == 0;
}
