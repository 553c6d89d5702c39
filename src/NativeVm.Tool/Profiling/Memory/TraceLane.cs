using System.Diagnostics;
using System.Runtime.CompilerServices;
using NativeVm.Tool.Profiling.Allocators;
using NativeVm.Tool.Traces.Malloc;

namespace NativeVm.Tool.Profiling.Memory;

/// <summary>Replays the heap calls of a real program; a byte of each page of each block is written.</summary>
/// <param name="allocator">The allocator.</param>
/// <param name="trace">The calls.</param>
internal sealed class TraceLane<TAllocator>(TAllocator allocator, MallocTrace trace) : Lane
    where TAllocator : struct, IHeapAllocator
{
    private readonly Block[] _live = new Block[trace.SlotCount];

    /// <inheritdoc/>
    public override long OperationsPerBatch => trace.Steps.Length;

    /// <inheritdoc/>
    public override long? SystemCallCount => allocator.SystemCallCount;

    /// <inheritdoc/>
    public override long Run(long operationCount)
    {
        TAllocator heap = allocator;
        MallocStep[] steps = trace.Steps;
        long start = Stopwatch.GetTimestamp();
        for (long i = 0; i < operationCount && i < steps.Length; i++)
        {
            Do(heap, steps[i]);
        }

        long end = Stopwatch.GetTimestamp();
        FreeAll(heap);
        return end - start;
    }

    /// <inheritdoc/>
    public override void Dispose() => allocator.Dispose();

    private static void Free(TAllocator heap, ref Block block)
    {
        if (block.IsAligned)
        {
            heap.FreeAligned(block.Address, block.ByteCount);
        }
        else
        {
            heap.Free(block.Address, block.ByteCount);
        }

        block = default;
    }

    private static void Touch(TAllocator heap, in Block block, nuint from)
    {
        if (block.ByteCount > from)
        {
            PageTouch.All(ref Unsafe.Add(ref heap.FirstByte(block.Address), from), block.ByteCount - from);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Do(TAllocator heap, in MallocStep step)
    {
        ref Block block = ref _live[step.Slot];

        // A block of no bytes is one of a byte: C leaves open what malloc(0) does.
        nuint byteCount = Math.Max(1, (nuint)step.ByteCount);
        switch (step.Kind)
        {
            case MallocStepKind.Allocate:
                block = new Block(heap.Allocate(byteCount), byteCount, IsAligned: false);
                Touch(heap, block, 0);
                break;
            case MallocStepKind.AllocateAligned:
                block = new Block(heap.AllocateAligned(byteCount, (nuint)step.Alignment), byteCount, IsAligned: true);
                Touch(heap, block, 0);
                break;
            case MallocStepKind.Resize:
                Resize(heap, ref block, byteCount);
                break;
            default:
                Free(heap, ref block);
                break;
        }
    }

    private static void Resize(TAllocator heap, ref Block block, nuint byteCount)
    {
        nuint old = block.ByteCount;
        if (block.IsAligned)
        {
            // Only C's heap takes such a block in realloc, and it promises no alignment then: the same as a new one.
            Free(heap, ref block);
            block = new Block(heap.Allocate(byteCount), byteCount, IsAligned: false);
            old = 0;
        }
        else
        {
            block = new Block(heap.Resize(block.Address, old, byteCount), byteCount, IsAligned: false);
        }

        Touch(heap, block, old);
    }

    private void FreeAll(TAllocator heap)
    {
        foreach (ref Block block in _live.AsSpan())
        {
            if (block.Address != 0)
            {
                Free(heap, ref block);
            }
        }
    }

    private readonly record struct Block(nuint Address, nuint ByteCount, bool IsAligned);
}
