using NativeVm.Platform;
using NativeVm.Testing;

namespace NativeVm.Tests.Harness.Objects;

/// <summary>Code written through one view and published in the other.</summary>
public sealed class DualMappingScenario : NativeScenario<DualMapping>
{
    private static readonly byte[] Code = [1, 2, 3, 4];

    public override FaultSystems Systems =>
        VmPlatform.Current.Supports(PlatformCapabilities.SharedMemoryObjects) ? FaultSystems.Real : FaultSystems.None;

    public override DualMapping SetUp(FaultPlatforms platforms)
    {
        DualMapping mapping = new(new DualMappingOptions { ByteCount = 1 << 16, Platform = platforms.Pages });
        Assert.True(mapping.TryEmit(Code, 16, out _));
        return mapping;
    }

    public override void Verify(DualMapping state, bool succeeded)
    {
        Assert.Equal(succeeded, state.AllocatedByteCount > 4);
        Assert.Equal(Code, state.GetWritableSpan(0, 4).ToArray());
    }

    [Covers(typeof(DualMapping), nameof(DualMapping.TryEmit))]
    public static bool Emit(DualMapping state) => state.TryEmit(Code, 16, out _);

    [Covers(typeof(DualMapping), nameof(DualMapping.Publish))]
    public static bool Publish(DualMapping state) => state.Publish(0, 4).IsSuccess && state.TryEmit(Code, 16, out _);
}
