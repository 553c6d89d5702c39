namespace NativeVm.Heaps;

/// <summary>The running thread's shares of heaps.</summary>
/// <remarks>
/// Identities of heaps are never used twice, so a slot of a heap that is gone matches nothing, and its pointer is
/// never followed.
/// </remarks>
internal static unsafe class ThreadSlots
{
    private const int RecentCount = 16;

    // Two numbers rather than a structure: the runtime keeps numbers in the thread's own block, one load away, and a
    // structure in a box on the managed heap, four loads away.

    /// <summary>The identity of the heap that was used last; 0 for none.</summary>
    [ThreadStatic]
    internal static ulong CurrentHeapId;

    /// <summary>The share of that heap, a <see cref="ThreadHeap"/>.</summary>
    [ThreadStatic]
    internal static nint CurrentShare;

    [ThreadStatic]
    private static ThreadSlot[]? _recent;

    private static ulong _lastHeapId;

    /// <summary>An identity for a new heap.</summary>
    public static ulong NextHeapId() => Interlocked.Increment(ref _lastHeapId);

    /// <summary>Makes a share current that was so not long ago.</summary>
    public static bool TryRecall(ulong heapId)
    {
        ThreadSlot[]? recent = _recent;
        if (recent is null || recent[heapId % RecentCount].HeapId != heapId)
        {
            return false;
        }

        CurrentShare = recent[heapId % RecentCount].Share;
        CurrentHeapId = heapId;
        return true;
    }

    /// <summary>Makes a share current.</summary>
    public static void Enter(ulong heapId, ThreadHeap* share)
    {
        _recent ??= new ThreadSlot[RecentCount];
        _recent[heapId % RecentCount] = new ThreadSlot { HeapId = heapId, Share = (nint)share };
        CurrentShare = (nint)share;
        CurrentHeapId = heapId;
    }
}
