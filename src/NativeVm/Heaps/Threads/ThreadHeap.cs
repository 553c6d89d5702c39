using System.Runtime.InteropServices;

namespace NativeVm.Heaps;

/// <summary>
/// What a thread has of a heap: the bins it allocates from. It outlives its thread, and is handed to the next one.
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = HeaderByteCount + (SizeClasses.Count * SizeBin.ByteCount))]
internal unsafe struct ThreadHeap
{
    private const int HeaderByteCount = 64;

    /// <summary>
    /// The list of slabs that other threads have freed blocks of: the number of the first record, 0 for none. Pushed
    /// by any thread, taken as a whole.
    /// </summary>
    public uint Pending;

    /// <summary>Its number among the heap's thread heaps, as slabs name their owner; not 0.</summary>
    public uint Id;

    /// <summary>The heap's identity.</summary>
    public ulong HeapId;

    /// <summary>The bin of a size class.</summary>
    public static SizeBin* Bin(ThreadHeap* heap, uint number) =>
        (SizeBin*)((byte*)heap + HeaderByteCount + ((nuint)number * SizeBin.ByteCount));
}
