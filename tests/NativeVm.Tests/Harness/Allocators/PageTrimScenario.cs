using NativeVm.Testing;

namespace NativeVm.Tests.Harness.Allocators;

/// <summary>An allocator with free runs that have memory: what the system refuses to take back stays retained.</summary>
public sealed class PageTrimScenario : NativeScenario<PageAllocatorState>
{
    public override FaultSystems Systems => FaultSystems.Simulated | FaultSystems.Real;

    public override PageAllocatorState SetUp(FaultPlatforms platforms)
    {
        PageAllocatorState state = new(platforms);
        state.FreeSome();
        return state;
    }

    public override void Verify(PageAllocatorState state, bool succeeded) => state.Verify(succeeded);

    [Covers(typeof(PageAllocator), "Trim()")]
    public static bool Trim(PageAllocatorState state) => state.Pages.Trim() != 0;

    [Covers(typeof(PageAllocator), "Trim(nuint)")]
    public static bool TrimSome(PageAllocatorState state) => state.Pages.Trim(1 << 16) != 0;
}
