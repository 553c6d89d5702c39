using NativeVm.Testing;

namespace NativeVm.Tests.Harness.Allocators;

/// <summary>Resizing in place over pages that have been given back, which some systems have to commit again.</summary>
public sealed class PageResizeScenario : NativeScenario<PageAllocatorState>
{
    private const nuint MiB = 1 << 20;

    public override FaultSystems Systems => FaultSystems.Simulated;

    public override PageAllocatorState SetUp(FaultPlatforms platforms)
    {
        PageAllocatorState state = new(platforms);
        state.FreeSome();
        state.Pages.Trim();
        return state;
    }

    public override void Verify(PageAllocatorState state, bool succeeded) => state.Verify(succeeded);

    [Covers(typeof(PageAllocator), nameof(PageAllocator.TryResizeInPlace))]
    public static bool Lengthen(PageAllocatorState state) => state.Keep(
        state.Pages.TryResizeInPlace(state.FirstRun, MiB, (2 * MiB) - 4096, state.Flags), state.FirstRun);
}
