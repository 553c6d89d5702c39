using NativeVm.Testing;

namespace NativeVm.Tests.Harness.Allocators;

/// <summary>A block that shrinks in place, with the pages that this frees given back.</summary>
public sealed unsafe class HeapResizeScenario : NativeScenario<HeapState>
{
    public override HeapState SetUp(FaultPlatforms platforms) => new(platforms, VmHeapHardening.None);

    public override void Verify(HeapState state, bool succeeded) => state.Verify();

    [Covers(typeof(VmHeap), nameof(VmHeap.TryResizeInPlace))]
    public static bool Shrink(HeapState state) => state.Heap.TryResizeInPlace(state.Large, 100_000);
}
