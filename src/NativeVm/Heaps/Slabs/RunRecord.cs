using System.Runtime.InteropServices;

namespace NativeVm.Heaps;

/// <summary>
/// The record of a run of pages: a slab, whose bitmap words follow, or one large block. Records never move, and one
/// that has been given back is only ever reused for a record of its size.
/// </summary>
/// <remarks>
/// Another thread may come late, and set <see cref="Pending"/> in a record that meanwhile is somebody else's. So
/// these two fields outlive the record, whoever takes it over, and whoever finds a record on a list of pending slabs
/// makes sure of what it is.
/// </remarks>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct RunRecord
{
    /// <summary>Bytes before the bitmap words of a slab.</summary>
    public const uint HeaderByteCount = 32;

    /// <summary>The first unit of the run; 0 in a record that is free, since no run has unit 0.</summary>
    public uint Unit;

    /// <summary>The next slab in a bin's list, or the next free record; 0 for none.</summary>
    public uint Next;

    /// <summary>The previous slab in a bin's list; 0 for none.</summary>
    public uint Previous;

    /// <summary>The next record in a thread's list of pending slabs; 0 for none.</summary>
    public uint PendingNext;

    /// <summary>1 while the slab is on some thread's list of pending slabs; changed atomically.</summary>
    public int Pending;

    /// <summary>Bits set in <see cref="WordPair.Free"/> of all words but the owner's current one.</summary>
    public ushort FreeCount;

    /// <summary>
    /// The <see cref="FreeCount"/> at which a free changes more than bits: 1 while the slab is full and on no list,
    /// its number of blocks while it is on its bin's list, 0 (never) while it is the bin's current slab.
    /// </summary>
    public ushort Trigger;

    /// <summary>
    /// Of a slab: a bit for each word, the owner's current one left out, in which <see cref="WordPair.Free"/> is not 0.
    /// </summary>
    public uint Summary;

    /// <summary>
    /// Of a slab: a bit for each word of which a block has been among those that its owner freed last, and may still
    /// be. While it is clear, a thread that frees a block of the word need not read the owner's bin.
    /// </summary>
    public uint Recent;

    /// <summary>Of a large block: the bytes of its run, all of them usable.</summary>
    public nuint RunByteCount;

    /// <summary>A slab's bitmap words.</summary>
    public static WordPair* Words(RunRecord* slab) => (WordPair*)((byte*)slab + HeaderByteCount);
}
