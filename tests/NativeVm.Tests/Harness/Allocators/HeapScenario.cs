using NativeVm.Testing;

namespace NativeVm.Tests.Harness.Allocators;

/// <summary>Operations of a heap: blocks in use keep their contents, whatever is refused.</summary>
public abstract unsafe class HeapScenario(VmHeapHardening hardening) : NativeScenario<HeapState>
{
    private const nuint Small = 777;
    private const nuint Large = 3 << 20;

    public override HeapState SetUp(FaultPlatforms platforms) => new(platforms, hardening);

    public override void Verify(HeapState state, bool succeeded) => state.Verify();

    [Covers(typeof(VmHeap), nameof(VmHeap.Allocate))]
    public static bool Allocate(HeapState state) => state.Keep(state.Heap.Allocate(Small), Small);

    [Covers(typeof(VmHeap), nameof(VmHeap.Allocate))]
    public static bool AllocateLarge(HeapState state) => state.Keep(state.Heap.Allocate(Large), Large);

    [Covers(typeof(VmHeap), nameof(VmHeap.TryAllocate))]
    public static bool TryAllocate(HeapState state) =>
        state.Heap.TryAllocate(Small, out void* block) & state.Keep(block, Small);

    [Covers(typeof(VmHeap), nameof(VmHeap.AllocateAligned))]
    public static bool AllocateAligned(HeapState state) => state.Keep(state.Heap.AllocateAligned(Small, 64 << 10), Small);

    [Covers(typeof(VmHeap), nameof(VmHeap.TryAllocateAligned))]
    public static bool TryAllocateAligned(HeapState state) =>
        state.Heap.TryAllocateAligned(Small, 512, out void* block) & state.Keep(block, Small);

    [Covers(typeof(VmHeap), nameof(VmHeap.Reallocate))]
    public static bool Reallocate(HeapState state) => state.Replace(state.Heap.Reallocate(state.Large, Small), Small);

    [Covers(typeof(VmHeap), nameof(VmHeap.TryReallocate))]
    public static bool TryReallocate(HeapState state) =>
        state.Heap.TryReallocate(state.Large, 200, out void* block) && state.Replace(block, 200);

    [Covers(typeof(VmHeap), nameof(VmHeap.Free))]
    public static bool Free(HeapState state) => state.FreeAll(address => state.Heap.Free((void*)address));

    [Covers(typeof(VmHeap), nameof(VmHeap.Trim))]
    public static bool Trim(HeapState state)
    {
        state.FreeAll();
        state.Heap.Trim();
        return true;
    }

    [EndsState]
    [Covers(typeof(VmHeap), nameof(VmHeap.Dispose))]
    public static bool Dispose(HeapState state)
    {
        state.Heap.Dispose();
        return true;
    }
}
