using System.Diagnostics;
using NativeVm.Platform;
using NativeVm.Tool.Traces.Malloc;

namespace NativeVm.Tool.Replay.Heaps;

/// <summary>Replays a malloc trace into a heap once, and measures it.</summary>
/// <remarks>
/// A byte of every page of a new block is written, and its first one: a program asks for memory to use it. The time is
/// that of the calls and of these writes together; asking the system for the process's memory is not timed.
/// </remarks>
internal sealed unsafe class HeapReplayEngine
{
    private const int SampleCount = 64;

    private readonly MallocTrace _trace;
    private readonly ReplayOptions _options;
    private readonly IHeapTarget _heap;
    private readonly Block[] _blocks;
    private readonly nuint[] _addresses;
    private readonly List<ReplaySample> _samples = new(SampleCount + 2);
    private long _calls;
    private long _refused;
    private long _ticks;

    private HeapReplayEngine(MallocTrace trace, IHeapTarget heap, ReplayOptions options)
    {
        _trace = trace;
        _heap = heap;
        _options = options;

        // Filled now, so that the process does not grow by them while it is measured.
        _blocks = new Block[trace.SlotCount];
        _addresses = new nuint[trace.Steps.Length];
        Array.Fill(_blocks, new Block(1, 1, true));
        Array.Clear(_blocks);
        Array.Fill(_addresses, (nuint)1);
        Array.Clear(_addresses);
    }

    /// <summary>Replays a trace into a new heap, frees everything, and disposes of the heap.</summary>
    /// <param name="trace">The trace.</param>
    /// <param name="name">The name of the heap.</param>
    /// <param name="createHeap">Makes the heap.</param>
    /// <param name="options">How to replay.</param>
    public static ReplayRun Run(MallocTrace trace, string name, Func<IHeapTarget> createHeap, ReplayOptions options)
    {
        int fullestStep = HeapFrames.FullestStep(trace);
        using IHeapTarget heap = createHeap();
        HeapReplayEngine engine = new(trace, heap, options);
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        ReplayRun run = engine.Run(name, fullestStep);
        return HeapFrames.AddTo(run, trace, engine._addresses, fullestStep);
    }

    private ReplayRun Run(string name, int fullestStep)
    {
        int stepCount = _trace.Steps.Length;
        int interval = Math.Max(1, stepCount / SampleCount);
        ProcessMemory start = _options.QueryMemory();
        ProcessMemory fullest = start;
        for (int done = 0; done < stepCount;)
        {
            int next = Math.Min(done + interval, stepCount);
            bool isFullest = done < fullestStep && fullestStep <= next;
            next = isFullest ? fullestStep : next;
            long before = Stopwatch.GetTimestamp();
            RunSteps(done, next);
            _ticks += Stopwatch.GetTimestamp() - before;
            done = next;
            ReplaySample sample = new(done, _options.QueryMemory());
            _samples.Add(sample);
            fullest = isFullest ? sample.Memory : fullest;
        }

        FreeAll();
        return new ReplayRun
        {
            TargetName = name,
            CallCount = _calls,
            RefusedCount = _refused,
            FirstRefusal = _refused == 0 ? null : "the heap had no memory for a block.",
            CallTime = Stopwatch.GetElapsedTime(0, _ticks),
            TouchTime = TimeSpan.Zero,
            SystemCallCount = 0,
            Start = start,
            Fullest = fullest,
            End = _options.QueryMemory(),
            Samples = _samples,
        };
    }

    private void RunSteps(int first, int end)
    {
        for (int i = first; i < end; i++)
        {
            MallocStep step = _trace.Steps[i];
            ref Block block = ref _blocks[step.Slot];
            switch (step.Kind)
            {
                case MallocStepKind.Allocate:
                    Allocate(ref block, step.ByteCount, alignment: 0);
                    break;
                case MallocStepKind.AllocateAligned:
                    Allocate(ref block, step.ByteCount, (nuint)step.Alignment);
                    break;
                case MallocStepKind.Resize:
                    Resize(ref block, step.ByteCount);
                    break;
                default:
                    Free(ref block);
                    break;
            }

            _addresses[i] = block.Address;
        }
    }

    private void Allocate(ref Block block, ulong byteCount, nuint alignment)
    {
        _calls++;
        nuint length = Math.Max(1, (nuint)byteCount);
        if (_heap.TryAllocate(length, alignment, out nuint address))
        {
            block = new Block(address, length, alignment != 0);
            Touch(address, 0, length);
        }
        else
        {
            _refused++;
            block = default;
        }
    }

    private void Resize(ref Block block, ulong byteCount)
    {
        nuint length = Math.Max(1, (nuint)byteCount);
        if (block.Address == 0)
        {
            return;
        }

        _calls++;

        // What has an alignment cannot be resized everywhere: a new block takes its place, as realloc may do.
        bool isDone = block.IsAligned
            ? _heap.TryAllocate(length, 0, out nuint address)
            : _heap.TryResize(block.Address, block.ByteCount, length, out address);
        if (!isDone)
        {
            _refused++;
            return;
        }

        if (block.IsAligned)
        {
            if (_options.IsTouching)
            {
                Buffer.MemoryCopy((void*)block.Address, (void*)address, length, nuint.Min(length, block.ByteCount));
            }

            _heap.Free(block.Address, block.ByteCount, isAligned: true);
        }

        Touch(address, nuint.Min(length, block.ByteCount), length);
        block = new Block(address, length, IsAligned: false);
    }

    private void Free(ref Block block)
    {
        if (block.Address != 0)
        {
            _calls++;
            _heap.Free(block.Address, block.ByteCount, block.IsAligned);
            block = default;
        }
    }

    private void FreeAll()
    {
        long before = Stopwatch.GetTimestamp();
        for (int i = 0; i < _blocks.Length; i++)
        {
            Free(ref _blocks[i]);
        }

        _ticks += Stopwatch.GetTimestamp() - before;
    }

    // A byte of each page from the first new one on.
    private void Touch(nuint address, nuint first, nuint end)
    {
        if (_options.IsTouching)
        {
            for (nuint offset = first; offset < end; offset += _options.PageSize - ((address + offset) % _options.PageSize))
            {
                Volatile.Write(ref *(byte*)(address + offset), 1);
            }
        }
    }

    private readonly record struct Block(nuint Address, nuint ByteCount, bool IsAligned);
}
