using NativeVm.Testing;

namespace NativeVm.Tests.Harness.Allocators;

/// <summary>An array on real pages that is full.</summary>
public sealed class VirtualArrayScenario : OwnerScenario<VirtualArray<long>>
{
    private const int More = 100_000;

    public override FaultSystems Systems => FaultSystems.Real;

    [Covers(typeof(VirtualArray<>), nameof(VirtualArray<long>.Add))]
    public static bool Add(OwnerState<VirtualArray<long>> state)
    {
        state.Owner.Add((long)state.Owner.Length);
        return true;
    }

    [Covers(typeof(VirtualArray<>), nameof(VirtualArray<long>.AddRange))]
    public static bool AddRange(OwnerState<VirtualArray<long>> state)
    {
        state.Owner.AddRange(new long[More]);
        return true;
    }

    [Covers(typeof(VirtualArray<>), nameof(VirtualArray<long>.AddZeroed))]
    public static bool AddZeroed(OwnerState<VirtualArray<long>> state) => state.Owner.AddZeroed(More) != 0;

    [Covers(typeof(VirtualArray<>), nameof(VirtualArray<long>.Resize))]
    public static bool Resize(OwnerState<VirtualArray<long>> state)
    {
        state.Owner.Resize(state.Owner.Length + More);
        return true;
    }

    [Covers(typeof(VirtualArray<>), nameof(VirtualArray<long>.TryResize))]
    public static bool TryResize(OwnerState<VirtualArray<long>> state) => state.Owner.TryResize(state.Owner.Length + More);

    [Covers(typeof(VirtualArray<>), nameof(VirtualArray<long>.EnsureCapacity))]
    public static bool EnsureCapacity(OwnerState<VirtualArray<long>> state) =>
        state.Owner.EnsureCapacity(state.Owner.Length + More).IsSuccess;

    [Covers(typeof(VirtualArray<>), nameof(VirtualArray<long>.Truncate))]
    public static bool Truncate(OwnerState<VirtualArray<long>> state) => state.Owner.Truncate(10).IsSuccess;

    [EndsState]
    [Covers(typeof(VirtualArray<>), nameof(VirtualArray<long>.Dispose))]
    public static bool Dispose(OwnerState<VirtualArray<long>> state)
    {
        state.Owner.Dispose();
        return true;
    }

    protected override VirtualArray<long> Make(FaultPlatforms platforms)
    {
        VirtualArray<long> array = new(new VirtualArrayOptions
        {
            Capacity = 1 << 20,
            Platform = platforms.Pages,
            MetadataPlatform = platforms.Metadata,
        });
        array.Resize(20_000);
        array.Resize(array.GetStatistics().CommittedByteCount / sizeof(long));
        for (nuint i = 0; i < array.Length; i++)
        {
            array[i] = (long)i;
        }

        return array;
    }

    protected override VmMap MapOf(VirtualArray<long> owner) => owner.Map;

    protected override object FiguresOf(VirtualArray<long> owner) => owner.GetStatistics();

    protected override void Check(VirtualArray<long> owner)
    {
        Assert.Equal(0, owner[(nuint)0]);
        for (nuint i = 0; i < owner.Length; i += 500)
        {
            Assert.True(owner[i] == (long)i || (i >= 20_000 && owner[i] == 0), $"Element {i} is {owner[i]}.");
        }
    }
}
