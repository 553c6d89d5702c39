namespace NativeVm.Tool.Profiling.Memory;

/// <summary>A queue of blocks from one thread to one other, without a lock.</summary>
/// <remarks>
/// The producer alone moves the end and the consumer alone moves the start; each writes the slot before it moves its
/// mark, and reads the other's mark before the slot. The marks lie on cache lines of their own.
/// </remarks>
/// <typeparam name="TBlock">What is passed.</typeparam>
internal sealed class BlockRing<TBlock>
{
    private const int Capacity = 1024;
    private const int Stride = 16;
    private readonly (TBlock Block, nuint ByteCount)[] _slots = new (TBlock, nuint)[Capacity];
    private readonly long[] _marks = new long[3 * Stride];

    private ref long Start => ref _marks[Stride];

    private ref long End => ref _marks[2 * Stride];

    /// <summary>Adds a block, by the producer.</summary>
    /// <param name="item">The block and its length.</param>
    /// <returns>False when there is no room.</returns>
    public bool TryAdd((TBlock Block, nuint ByteCount) item)
    {
        long end = End;
        if (end - Volatile.Read(ref Start) == Capacity)
        {
            return false;
        }

        _slots[end % Capacity] = item;
        Volatile.Write(ref End, end + 1);
        return true;
    }

    /// <summary>Takes the oldest block, by the consumer.</summary>
    /// <param name="item">The block and its length.</param>
    /// <returns>False when there is none.</returns>
    public bool TryTake(out (TBlock Block, nuint ByteCount) item)
    {
        long start = Start;
        if (start == Volatile.Read(ref End))
        {
            item = default;
            return false;
        }

        item = _slots[start % Capacity];
        Volatile.Write(ref Start, start + 1);
        return true;
    }
}
