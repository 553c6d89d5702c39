using System.Runtime.CompilerServices;
using NativeVm.Testing;

namespace NativeVm.Tests.Harness.Allocators;

/// <summary>A pool of values on real pages that holds none yet.</summary>
public sealed class TypedBlockPoolScenario : NativeScenario<BlockPool<long>>
{
    public override FaultSystems Systems => FaultSystems.Real;

    public override BlockPool<long> SetUp(FaultPlatforms platforms) => new(new BlockPoolOptions
    {
        Capacity = 10_000,
        Platform = platforms.Pages,
        MetadataPlatform = platforms.Metadata,
    });

    public override void Verify(BlockPool<long> state, bool succeeded) =>
        Assert.Equal(succeeded ? (nuint)1 : 0, state.LiveCount);

    [Covers(typeof(BlockPool<>), nameof(BlockPool<long>.Allocate))]
    public static bool Allocate(BlockPool<long> state)
    {
        ref long value = ref state.Allocate(out _);
        return !Unsafe.IsNullRef(ref value) && value++ == 0;
    }

    [Covers(typeof(BlockPool<>), nameof(BlockPool<long>.TryAllocate))]
    public static bool TryAllocate(BlockPool<long> state) => state.TryAllocate(out _);

    [EndsState]
    [Covers(typeof(BlockPool<>), nameof(BlockPool<long>.Dispose))]
    public static bool Dispose(BlockPool<long> state)
    {
        state.Allocate(out _) = 5;
        state.Dispose();
        return true;
    }
}
