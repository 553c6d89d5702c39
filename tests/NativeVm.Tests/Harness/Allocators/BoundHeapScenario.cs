using NativeVm.Testing;

namespace NativeVm.Tests.Harness.Allocators;

/// <summary>C's allocators without a context, and SQLite's: what is refused is null, and the heap stays whole.</summary>
public sealed unsafe class BoundHeapScenario : NativeScenario<BoundHeapState>
{
    private const nuint Size = 3000;

    public override FaultSystems Systems => FaultSystems.Real;

    public override BoundHeapState SetUp(FaultPlatforms platforms) => new(platforms);

    public override void Verify(BoundHeapState state, bool succeeded) => state.State.Verify();

    [Covers(typeof(VmHeapFunctions), nameof(VmHeapFunctions.Malloc))]
    public static bool Malloc(BoundHeapState state) => state.State.Keep(VmHeapFunctions.Malloc(Size), Size);

    [Covers(typeof(VmHeapFunctions), nameof(VmHeapFunctions.Calloc))]
    public static bool Calloc(BoundHeapState state) =>
        state.State.Keep(VmHeapFunctions.Calloc(10, Size), 10 * Size, isZeroed: true);

    [Covers(typeof(VmHeapFunctions), nameof(VmHeapFunctions.AlignedAlloc))]
    public static bool AlignedAlloc(BoundHeapState state) => state.State.Keep(VmHeapFunctions.AlignedAlloc(8192, Size), Size);

    [Covers(typeof(VmHeapFunctions), nameof(VmHeapFunctions.AlignedMalloc))]
    public static bool AlignedMalloc(BoundHeapState state) => state.State.Keep(VmHeapFunctions.AlignedMalloc(Size, 8192), Size);

    [Covers(typeof(VmHeapFunctions), nameof(VmHeapFunctions.PosixMemalign))]
    public static bool PosixMemalign(BoundHeapState state)
    {
        void* block = null;
        return VmHeapFunctions.PosixMemalign(&block, 8192, Size) == 0 && state.State.Keep(block, Size);
    }

    [Covers(typeof(VmHeapFunctions), nameof(VmHeapFunctions.Strdup))]
    public static bool Strdup(BoundHeapState state)
    {
        byte[] text = new byte[(int)Size];
        text.AsSpan(0, text.Length - 1).Fill((byte)'a');
        fixed (byte* start = text)
        {
            return state.State.Keep(VmHeapFunctions.Strdup(start), Size);
        }
    }

    [Covers(typeof(VmHeapFunctions), nameof(VmHeapFunctions.Realloc))]
    public static bool Realloc(BoundHeapState state) =>
        state.State.Replace(VmHeapFunctions.Realloc(state.State.Large, 10 * Size), 10 * Size);

    [Covers(typeof(VmHeapFunctions), nameof(VmHeapFunctions.Free))]
    public static bool Free(BoundHeapState state) =>
        state.State.FreeAll(static address => VmHeapFunctions.Free((void*)address));

    [Covers(typeof(SqliteHeap), nameof(SqliteHeap.Methods))]
    public static bool SqliteMalloc(BoundHeapState state) =>
        state.State.Keep(SqliteHeap.Methods.Malloc((int)Size), Size);
}
