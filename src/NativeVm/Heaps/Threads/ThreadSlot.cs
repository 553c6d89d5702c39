namespace NativeVm.Heaps;

/// <summary>A thread's share of a heap.</summary>
internal struct ThreadSlot
{
    /// <summary>The heap's identity; 0 for none.</summary>
    public ulong HeapId;

    /// <summary>The share, a <see cref="ThreadHeap"/>.</summary>
    public nint Share;
}
