using NativeVm.Testing;

namespace NativeVm.Tests.Harness.Arenas;

/// <summary>A ring of frames, the oldest of which has pages to give back.</summary>
public sealed class FrameArenaScenario : NativeScenario<FrameArena>
{
    private const nuint KiB = 1 << 10;

    public override FrameArena SetUp(FaultPlatforms platforms)
    {
        FrameArena arena = new(new FrameArenaOptions
        {
            FrameByteCount = 4096 * KiB,
            RetainedByteCount = 64 * KiB,
            Platform = platforms.Pages,
            MetadataPlatform = platforms.Metadata,
            ZeroesMemory = false,
        });
        arena.Allocate(800 * KiB);
        arena.AdvanceFrame();
        arena.Allocate(10 * KiB);
        return arena;
    }

    public override void Verify(FrameArena state, bool succeeded)
    {
        FrameArenaStatistics statistics = state.GetStatistics();
        if (!succeeded)
        {
            Assert.Equal(10 * KiB, statistics.CurrentFrameByteCount);
            Assert.Equal(810 * KiB, statistics.AllocatedByteCount);
            Assert.Equal(1UL, statistics.FrameNumber);
        }
    }

    [Covers(typeof(FrameArena), nameof(FrameArena.Allocate))]
    public static bool Allocate(FrameArena state) => state.Allocate(2048 * KiB) != 0;

    [Covers(typeof(FrameArena), nameof(FrameArena.AllocateSpan))]
    public static bool AllocateSpan(FrameArena state) => state.AllocateSpan<int>(1 << 18).Length == 1 << 18;

    [Covers(typeof(FrameArena), nameof(FrameArena.AdvanceFrame))]
    public static bool AdvanceFrame(FrameArena state) => state.AdvanceFrame().AllocatedByteCount == 0;

    [EndsState]
    [Covers(typeof(FrameArena), nameof(FrameArena.Dispose))]
    public static bool Dispose(FrameArena state)
    {
        state.Dispose();
        return true;
    }
}
