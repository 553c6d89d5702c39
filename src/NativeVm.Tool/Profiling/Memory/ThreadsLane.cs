using System.Runtime.ExceptionServices;
using NativeVm.Tool.Profiling.Allocators;

namespace NativeVm.Tool.Profiling.Memory;

/// <summary>
/// Threads that allocate and free small blocks at once. The time is that of the slowest from a common start; it is
/// told for one operation of all of them together, so that twice the throughput is half the time.
/// </summary>
/// <remarks>The threads live as long as the lane and wait between batches, which are long beside their waking up.</remarks>
internal sealed class ThreadsLane<TAllocator, TBlock> : Lane
    where TAllocator : struct, IMemoryAllocator<TBlock>
{
    private const long BatchPerThread = 50_000;

    private readonly TAllocator _allocator;
    private readonly ThreadWork<TAllocator, TBlock>[] _works;
    private readonly Thread[] _threads;
    private readonly Barrier _barrier;
    private volatile bool _isEnding;
    private long _operationsPerThread;

    /// <summary>A lane whose threads wait.</summary>
    /// <param name="allocator">The allocator.</param>
    /// <param name="threadCount">How many threads.</param>
    /// <param name="mode">Whose blocks they free.</param>
    public ThreadsLane(TAllocator allocator, int threadCount, ThreadsMode mode)
    {
        _allocator = allocator;
        _works = new ThreadWork<TAllocator, TBlock>[threadCount];
        BlockRing<TBlock>[] rings = [.. Enumerable.Range(0, threadCount).Select(_ => new BlockRing<TBlock>())];
        for (int i = 0; i < threadCount; i++)
        {
            _works[i] = new ThreadWork<TAllocator, TBlock>(allocator, mode, rings[i], rings[(i + 1) % threadCount], (ulong)i + 1);
        }

        _barrier = new Barrier(threadCount + 1);
        _threads = [.. _works.Select(work => new Thread(() => Work(work)) { IsBackground = true })];
        foreach (Thread thread in _threads)
        {
            thread.Start();
        }
    }

    /// <inheritdoc/>
    public override long OperationsPerBatch => BatchPerThread * _works.Length;

    /// <inheritdoc/>
    public override long? SystemCallCount => _allocator.SystemCallCount;

    /// <inheritdoc/>
    public override long Run(long operationCount)
    {
        _operationsPerThread = Math.Max(1, operationCount / _works.Length);
        _barrier.SignalAndWait();
        _barrier.SignalAndWait();
        Exception? failure = Array.Find(_works, work => work.Failure is not null)?.Failure;
        if (failure is not null)
        {
            ExceptionDispatchInfo.Throw(failure);
        }

        return _works.Max(work => work.End) - _works.Min(work => work.Start);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _isEnding = true;
        _barrier.SignalAndWait();
        foreach (Thread thread in _threads)
        {
            thread.Join();
        }

        foreach (ThreadWork<TAllocator, TBlock> work in _works)
        {
            work.FreeAll();
        }

        _barrier.Dispose();
        _allocator.Dispose();
    }

    private void Work(ThreadWork<TAllocator, TBlock> work)
    {
        while (true)
        {
            _barrier.SignalAndWait();
            if (_isEnding)
            {
                return;
            }

            work.Run(_operationsPerThread);
            _barrier.SignalAndWait();
        }
    }
}
