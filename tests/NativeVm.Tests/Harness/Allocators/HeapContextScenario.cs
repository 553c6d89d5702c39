using NativeVm.Testing;

namespace NativeVm.Tests.Harness.Allocators;

/// <summary>C's allocators with a context: what is refused is null, and the heap stays whole.</summary>
public sealed unsafe class HeapContextScenario : NativeScenario<HeapState>
{
    private const nuint Size = 3000;

    public override FaultSystems Systems => FaultSystems.Real;

    public override HeapState SetUp(FaultPlatforms platforms) => new(platforms, VmHeapHardening.None);

    public override void Verify(HeapState state, bool succeeded) => state.Verify();

    [Covers(typeof(VmHeapContext), nameof(VmHeapContext.MallocContextFirst))]
    public static bool MallocFirst(HeapState state) => state.Keep(VmHeapContext.MallocContextFirst(state.Opaque, Size), Size);

    [Covers(typeof(VmHeapContext), nameof(VmHeapContext.MallocContextLast))]
    public static bool MallocLast(HeapState state) => state.Keep(VmHeapContext.MallocContextLast(Size, state.Opaque), Size);

    [Covers(typeof(VmHeapContext), nameof(VmHeapContext.CallocContextFirst))]
    public static bool CallocFirst(HeapState state) =>
        state.Keep(VmHeapContext.CallocContextFirst(state.Opaque, 10, Size), 10 * Size, isZeroed: true);

    [Covers(typeof(VmHeapContext), nameof(VmHeapContext.CallocContextLast))]
    public static bool CallocLast(HeapState state) =>
        state.Keep(VmHeapContext.CallocContextLast(10, Size, state.Opaque), 10 * Size, isZeroed: true);

    [Covers(typeof(VmHeapContext), nameof(VmHeapContext.Zalloc))]
    public static bool Zalloc(HeapState state) => state.Keep(VmHeapContext.Zalloc(state.Opaque, 10, 300), Size);

    [Covers(typeof(VmHeapContext), nameof(VmHeapContext.AlignedContextFirst))]
    public static bool Aligned(HeapState state) =>
        state.Keep(VmHeapContext.AlignedContextFirst(state.Opaque, Size, 8192), Size);

    [Covers(typeof(VmHeapContext), nameof(VmHeapContext.ReallocContextFirst))]
    public static bool ReallocFirst(HeapState state) =>
        state.Replace(VmHeapContext.ReallocContextFirst(state.Opaque, state.Large, 10 * Size), 10 * Size);

    [Covers(typeof(VmHeapContext), nameof(VmHeapContext.ReallocContextLast))]
    public static bool ReallocLast(HeapState state) =>
        state.Replace(VmHeapContext.ReallocContextLast(state.Large, 10 * Size, state.Opaque), 10 * Size);

    [Covers(typeof(VmHeapContext), nameof(VmHeapContext.LuaAlloc))]
    public static bool LuaAlloc(HeapState state) =>
        state.Replace(VmHeapContext.LuaAlloc(state.Opaque, state.Large, 1 << 20, 4 << 20), 4 << 20);

    [Covers(typeof(VmHeapContext), nameof(VmHeapContext.FreeContextFirst))]
    public static bool FreeFirst(HeapState state) =>
        state.FreeAll(address => VmHeapContext.FreeContextFirst(state.Opaque, (void*)address));

    [Covers(typeof(VmHeapContext), nameof(VmHeapContext.FreeContextLast))]
    public static bool FreeLast(HeapState state) =>
        state.FreeAll(address => VmHeapContext.FreeContextLast((void*)address, state.Opaque));
}
