using NativeVm.Testing;

namespace NativeVm.Tests.Harness.Allocators;

/// <summary>A heap without hardening.</summary>
public sealed unsafe class PlainHeapScenario() : HeapScenario(VmHeapHardening.None)
{
    public override FaultSystems Systems => FaultSystems.Real;

    [Covers(typeof(VmHeap), nameof(VmHeap.AllocateZeroed))]
    public static bool AllocateZeroed(HeapState state) => state.Keep(state.Heap.AllocateZeroed(777), 777, isZeroed: true);

    [Covers(typeof(VmHeap), nameof(VmHeap.TryAllocateZeroed))]
    public static bool TryAllocateZeroed(HeapState state) =>
        state.Heap.TryAllocateZeroed(2 << 20, out void* block) & state.Keep(block, 2 << 20, isZeroed: true);
}
