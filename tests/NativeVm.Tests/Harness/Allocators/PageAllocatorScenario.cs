using NativeVm.Testing;

namespace NativeVm.Tests.Harness.Allocators;

/// <summary>An allocator on real pages with runs in use and free ones between them.</summary>
public sealed unsafe class PageAllocatorScenario : NativeScenario<PageAllocatorState>
{
    public override FaultSystems Systems => FaultSystems.Real;

    public override PageAllocatorState SetUp(FaultPlatforms platforms) => new(platforms);

    public override void Verify(PageAllocatorState state, bool succeeded) => state.Verify(succeeded);

    [Covers(typeof(PageAllocator), nameof(PageAllocator.TryAllocate))]
    public static bool TryAllocate(PageAllocatorState state) =>
        state.Keep(state.Pages.TryAllocate(100 << 20, 1, PageAllocationFlags.None, out nuint address), address);

    [Covers(typeof(PageAllocator), nameof(PageAllocator.TryAllocate))]
    public static bool TryAllocateOddlyAligned(PageAllocatorState state) => state.Keep(
        state.Pages.TryAllocate(3 << 20, 3 * 4096 * 1000, PageAllocationFlags.Uninitialized, out nuint address), address);

    [Covers(typeof(PageAllocator), nameof(PageAllocator.Allocate))]
    public static bool Allocate(PageAllocatorState state) => state.Keep(true, state.Pages.Allocate(100 << 20));

    [Covers(typeof(PageAllocator), "Free(nuint)")]
    public static bool Free(PageAllocatorState state) => state.FreeAll(static (pages, run) => pages.Free(run.Address));

    [Covers(typeof(PageAllocator), "Free(nuint, nuint)")]
    public static bool FreeSized(PageAllocatorState state) =>
        state.FreeAll(static (pages, run) => pages.Free(run.Address, run.ByteCount));

    [Covers(typeof(PageAllocator), "Trim()")]
    public static bool Trim(PageAllocatorState state) => state.FreeSome() && state.Pages.Trim() != 0;

    [Covers(typeof(PageAllocator), "Trim(nuint)")]
    public static bool TrimSome(PageAllocatorState state) => state.FreeSome() && state.Pages.Trim(1 << 16) != 0;

    [EndsState]
    [Covers(typeof(PageAllocator), nameof(PageAllocator.Dispose))]
    public static bool Dispose(PageAllocatorState state)
    {
        state.Pages.Dispose();
        return true;
    }
}
