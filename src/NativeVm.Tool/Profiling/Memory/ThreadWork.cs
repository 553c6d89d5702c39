using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using NativeVm.Tool.Profiling.Allocators;

namespace NativeVm.Tool.Profiling.Memory;

/// <summary>What one thread of <see cref="ThreadsLane{TAllocator, TBlock}"/> does.</summary>
/// <param name="allocator">The allocator.</param>
/// <param name="mode">Whose blocks it frees.</param>
/// <param name="inbox">Blocks that come to it.</param>
/// <param name="outbox">Blocks that it passes on.</param>
/// <param name="seed">Where its random numbers begin, not 0.</param>
internal sealed class ThreadWork<TAllocator, TBlock>(
    TAllocator allocator, ThreadsMode mode, BlockRing<TBlock> inbox, BlockRing<TBlock> outbox, ulong seed)
    where TAllocator : struct, IMemoryAllocator<TBlock>
{
    private const int Kept = 1000;
    private const nuint Smallest = 16;
    private const ulong Lengths = 1024 - 16 + 1;

    private readonly (TBlock Block, nuint ByteCount)[] _live = new (TBlock, nuint)[Kept];
    private Xorshift _random = new(seed * 0x9E3779B97F4A7C15);

    /// <summary>When the latest run began, in ticks.</summary>
    public long Start { get; private set; }

    /// <summary>When the latest run ended, in ticks.</summary>
    public long End { get; private set; }

    /// <summary>What made a run fail, or null.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Allocates and frees.</summary>
    /// <param name="operationCount">How many blocks are allocated.</param>
    [SuppressMessage("Design", "CA1031", Justification = "Handed to the thread that waits for this one.")]
    public void Run(long operationCount)
    {
        Start = Stopwatch.GetTimestamp();
        try
        {
            if (mode == ThreadsMode.OwnBlocks)
            {
                Replace(operationCount);
            }
            else
            {
                Pass(operationCount);
            }
        }
        catch (Exception e)
        {
            Failure = e;
        }

        End = Stopwatch.GetTimestamp();
    }

    /// <summary>Frees what is left, when no thread runs any more.</summary>
    public void FreeAll()
    {
        foreach ((TBlock block, nuint byteCount) in _live.Where(slot => slot.ByteCount != 0))
        {
            allocator.Free(block, byteCount);
        }

        while (inbox.TryTake(out (TBlock Block, nuint ByteCount) item))
        {
            allocator.Free(item.Block, item.ByteCount);
        }
    }

    private void Replace(long operationCount)
    {
        TAllocator memory = allocator;
        for (long i = 0; i < operationCount; i++)
        {
            ref (TBlock Block, nuint ByteCount) slot = ref _live[_random.Next(Kept)];
            if (slot.ByteCount != 0)
            {
                memory.Free(slot.Block, slot.ByteCount);
            }

            slot = Allocate(memory);
        }
    }

    // When the next thread lags behind, the block is freed here: nobody waits, and nothing piles up.
    private void Pass(long operationCount)
    {
        TAllocator memory = allocator;
        for (long i = 0; i < operationCount; i++)
        {
            (TBlock Block, nuint ByteCount) item = Allocate(memory);
            if (!outbox.TryAdd(item))
            {
                memory.Free(item.Block, item.ByteCount);
            }

            if (inbox.TryTake(out item))
            {
                memory.Free(item.Block, item.ByteCount);
            }
        }
    }

    private (TBlock Block, nuint ByteCount) Allocate(TAllocator memory)
    {
        nuint byteCount = Smallest + (nuint)_random.Next(Lengths);
        TBlock block = memory.Allocate(byteCount);
        memory.FirstByte(block) = 1;
        return (block, byteCount);
    }
}
