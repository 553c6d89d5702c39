using NativeVm.Testing;

namespace NativeVm.Tests.Harness.Allocators;

/// <summary>An allocator with runs in use and free ones between them.</summary>
public sealed class PageAllocatorScenario : NativeScenario<PageAllocatorState>
{
    public override FaultSystems Systems => FaultSystems.Simulated | FaultSystems.Real;

    public override PageAllocatorState SetUp(FaultPlatforms platforms) => new(platforms);

    public override void Verify(PageAllocatorState state, bool succeeded) => state.Verify(succeeded);

    [Covers(typeof(PageAllocator), nameof(PageAllocator.TryAllocate))]
    public static bool TryAllocate(PageAllocatorState state) =>
        state.Keep(state.Pages.TryAllocate(100 << 20, 1, state.Flags, out nuint address), address);

    [Covers(typeof(PageAllocator), nameof(PageAllocator.TryAllocate))]
    public static bool TryAllocateOddlyAligned(PageAllocatorState state) => state.Keep(
        state.Pages.TryAllocate(3 << 20, 3 * 4096 * 1000, PageAllocationFlags.Uninitialized, out nuint address), address);

    [Covers(typeof(PageAllocator), nameof(PageAllocator.Allocate))]
    public static bool Allocate(PageAllocatorState state) => state.Keep(true, state.Pages.Allocate(100 << 20, 1, state.Flags));

    [Covers(typeof(PageAllocator), "Free(nuint)")]
    public static bool Free(PageAllocatorState state) => state.FreeAll(static (pages, run) => pages.Free(run.Address));

    [Covers(typeof(PageAllocator), "Free(nuint, nuint)")]
    public static bool FreeSized(PageAllocatorState state) =>
        state.FreeAll(static (pages, run) => pages.Free(run.Address, run.ByteCount));

    [EndsState]
    [Covers(typeof(PageAllocator), nameof(PageAllocator.Dispose))]
    public static bool Dispose(PageAllocatorState state)
    {
        state.Pages.Dispose();
        return true;
    }
}
