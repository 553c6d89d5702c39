namespace NativeVm.Frames;

/// <summary>
/// A list of free frames that any number of threads push to and pop from without a lock (Treiber).
/// </summary>
/// <remarks>
/// The head is the number of the first frame and a count of changes, swapped together: a thread that read the head,
/// slept, and finds the same frame on top of another list fails on the count and tries again. Reading the link of a
/// frame that somebody else has popped meanwhile is harmless, since records stay where they are as long as the pool
/// is referenced.
/// </remarks>
internal unsafe struct FrameStack
{
    private ulong _head;

    public readonly bool IsEmpty => (uint)(_head & uint.MaxValue) == 0;

    public void Push(FrameRecord* records, uint frame)
    {
        ulong head = Volatile.Read(ref _head);
        while (true)
        {
            Volatile.Write(ref records[frame].NextPlusOne, Top(head));
            ulong seen = Interlocked.CompareExchange(ref _head, Next(head, frame + 1), head);
            if (seen == head)
            {
                return;
            }

            head = seen;
        }
    }

    public bool TryPop(FrameRecord* records, out uint frame)
    {
        ulong head = Volatile.Read(ref _head);
        while (Top(head) != 0)
        {
            frame = Top(head) - 1;
            uint next = Volatile.Read(ref records[frame].NextPlusOne);
            ulong seen = Interlocked.CompareExchange(ref _head, Next(head, next), head);
            if (seen == head)
            {
                return true;
            }

            head = seen;
        }

        frame = 0;
        return false;
    }

    private static uint Top(ulong head) => (uint)(head & uint.MaxValue);

    private static ulong Next(ulong head, uint topPlusOne) => unchecked(((head >> 32) + 1) << 32) | topPlusOne;
}
