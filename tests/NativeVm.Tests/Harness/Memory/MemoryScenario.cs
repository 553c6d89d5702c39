using NativeVm.Testing;

namespace NativeVm.Tests.Harness.Memory;

/// <summary>Memory of maps and of pools, as .NET's own types.</summary>
public sealed class MemoryScenario : NativeScenario<MapMemoryState>
{
    public override FaultSystems Systems => FaultSystems.Real;

    public override MapMemoryState SetUp(FaultPlatforms platforms) => new(platforms);

    public override void Verify(MapMemoryState state, bool succeeded)
    {
        Assert.Equal(succeeded, state.Made is not null);
        state.Verify();
    }

    [Covers(typeof(VmMemory), nameof(VmMemory.Allocate))]
    public static bool Allocate(MapMemoryState state)
    {
        VmMemoryManager<byte> made = VmMemory.Allocate<byte>(state.Map, 100_000);
        state.Made = made;
        return made.GetSpan().IndexOfAnyExcept((byte)0) < 0;
    }

    [Covers(typeof(VmMemoryPool<>), nameof(VmMemoryPool<byte>.Rent))]
    public static bool Rent(MapMemoryState state)
    {
        state.Made = state.Pool.Rent(1 << 20);
        return true;
    }

    [Covers(typeof(VmMemoryPool<>), nameof(VmMemoryPool<byte>.TryRent))]
    public static bool TryRent(MapMemoryState state)
    {
        bool isRented = state.Pool.TryRent(1 << 20, out VmMemoryManager<byte>? made);
        state.Made = made;
        return isRented;
    }

    [EndsState]
    [Covers(typeof(VmMemoryManager<>), nameof(VmMemoryManager<byte>.Dispose))]
    public static bool Dispose(MapMemoryState state)
    {
        state.Kept.Dispose();
        return true;
    }
}
