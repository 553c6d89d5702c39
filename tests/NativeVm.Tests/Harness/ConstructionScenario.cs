using NativeVm.Testing;

namespace NativeVm.Tests.Harness;

/// <summary>Everything that can be made, made on a system that refuses: nothing is left behind.</summary>
public sealed class ConstructionScenario : NativeScenario<LifeState>
{
    private const nuint MiB = 1 << 20;

    public override LifeState SetUp(FaultPlatforms platforms) => new(platforms);

    public override void Verify(LifeState state, bool succeeded) => state.Verify(succeeded);

    [Covers(typeof(VmMap), "new")]
    public static bool Map(LifeState state) => state.Keep(new VmMap(new VmMapOptions
    {
        ByteCount = MiB,
        Platform = state.Pages,
        MetadataPlatform = state.Metadata,
        ExcludeFromCoreDumps = true,
    }));

    [Covers(typeof(VmMap), "new")]
    public static bool GrowableMap(LifeState state) => state.Keep(new VmMap(new VmMapOptions
    {
        ByteCount = MiB,
        IsGrowable = true,
        Platform = state.Pages,
        MetadataPlatform = state.Metadata,
        ExcludeFromCoreDumps = true,
    }));

    [Covers(typeof(LinearArena), "new")]
    public static bool LinearArena(LifeState state) => state.Keep(new LinearArena(new LinearArenaOptions
    {
        ByteCount = MiB,
        Platform = state.Pages,
        MetadataPlatform = state.Metadata,
        Checks = ArenaChecks.Guards,
        UsesHugePages = true,
    }));

    [Covers(typeof(DoubleEndedArena), "new")]
    public static bool DoubleEndedArena(LifeState state) => state.Keep(new DoubleEndedArena(new DoubleEndedArenaOptions
    {
        ByteCount = MiB,
        Platform = state.Pages,
        MetadataPlatform = state.Metadata,
    }));

    [Covers(typeof(FrameArena), "new")]
    public static bool FrameArena(LifeState state) => state.Keep(new FrameArena(new FrameArenaOptions
    {
        FrameByteCount = MiB,
        FrameCount = 3,
        Platform = state.Pages,
        MetadataPlatform = state.Metadata,
    }));

    [Covers(typeof(BlockPool), "new")]
    public static bool BlockPool(LifeState state) => state.Keep(new BlockPool(new BlockPoolOptions
    {
        BlockByteCount = 64,
        Capacity = 1000,
        Platform = state.Pages,
        MetadataPlatform = state.Metadata,
    }));

    [Covers(typeof(BlockPool<>), "new")]
    public static bool TypedBlockPool(LifeState state) => state.Keep(new BlockPool<long>(new BlockPoolOptions
    {
        Capacity = 1000,
        Platform = state.Pages,
        MetadataPlatform = state.Metadata,
    }));

    [Covers(typeof(VirtualArray<>), "new")]
    public static bool VirtualArray(LifeState state) => state.Keep(new VirtualArray<long>(new VirtualArrayOptions
    {
        Capacity = 1000,
        Platform = state.Pages,
        MetadataPlatform = state.Metadata,
    }));

    [Covers(typeof(PageAllocator), "new")]
    public static bool PageAllocator(LifeState state) => state.Keep(new PageAllocator(new PageAllocatorOptions
    {
        Platform = state.Pages,
        MetadataPlatform = state.Metadata,
        TrimsInBackground = false,
    }));

    [Covers(typeof(VmHeap), "new")]
    public static bool Heap(LifeState state) => state.Keep(new VmHeap(new VmHeapOptions
    {
        Platform = state.Pages,
        MetadataPlatform = state.Metadata,
    }));

    [Covers(typeof(VmHeap), "new")]
    public static bool HardenedHeap(LifeState state) => state.Keep(new VmHeap(new VmHeapOptions
    {
        Platform = state.Pages,
        MetadataPlatform = state.Metadata,
        Hardening = VmHeapHardening.All,
    }));

    [Covers(typeof(MirroredBuffer), "new")]
    public static bool MirroredBuffer(LifeState state) =>
        state.Keep(new MirroredBuffer(new MirroredBufferOptions { ByteCount = MiB, Platform = state.Pages }));

    [Covers(typeof(MirroredBuffer), nameof(NativeVm.MirroredBuffer.TryCreate))]
    public static bool TryCreateMirroredBuffer(LifeState state) => NativeVm.MirroredBuffer.TryCreate(
        new MirroredBufferOptions { ByteCount = MiB, Platform = state.Pages, IsPrefaulted = true },
        out MirroredBuffer? made).IsSuccess & state.Keep(made);

    [Covers(typeof(VmSnapshotRange), "new")]
    public static bool SnapshotRange(LifeState state) =>
        state.Keep(new VmSnapshotRange(new VmSnapshotOptions { ByteCount = MiB, Platform = state.Pages }));

    [Covers(typeof(VmSnapshotRange), nameof(VmSnapshotRange.TryCreate))]
    public static bool TryCreateSnapshotRange(LifeState state) => VmSnapshotRange.TryCreate(
        new VmSnapshotOptions { ByteCount = MiB, Platform = state.Pages }, out VmSnapshotRange? made).IsSuccess & state.Keep(made);

    [Covers(typeof(DualMapping), "new")]
    public static bool DualMapping(LifeState state) =>
        state.Keep(new DualMapping(new DualMappingOptions { ByteCount = MiB, Platform = state.Pages }));

    [Covers(typeof(DualMapping), nameof(NativeVm.DualMapping.TryCreate))]
    public static bool TryCreateDualMapping(LifeState state) => NativeVm.DualMapping.TryCreate(
        new DualMappingOptions { ByteCount = MiB, Platform = state.Pages }, out DualMapping? made).IsSuccess & state.Keep(made);

    [Covers(typeof(VmBufferWriter), "new")]
    public static bool BufferWriter(LifeState state) =>
        state.Keep(new VmBufferWriter(new VmBufferWriterOptions
        {
            MaxByteCount = MiB,
            Platform = state.Pages,
            MetadataPlatform = state.Metadata,
        }));

    [Covers(typeof(VmStream), "new")]
    public static bool Stream(LifeState state) =>
        state.Keep(new VmStream(new VmStreamOptions
        {
            MaxByteCount = MiB,
            Platform = state.Pages,
            MetadataPlatform = state.Metadata,
        }));

    [Covers(typeof(VmMemoryPool<>), "new")]
    public static bool MemoryPool(LifeState state) =>
        state.Keep(new VmMemoryPool<byte>(new VmMemoryPoolOptions
        {
            Platform = state.Pages,
            MetadataPlatform = state.Metadata,
        }));
}
