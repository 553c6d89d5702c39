using NativeVm.Platform;
using NativeVm.Testing;
using NativeVm.Tests.Support;

namespace NativeVm.Tests.Arenas;

/// <summary>Every call to the system refused, and overruns that kill.</summary>
public sealed class LinearArenaFaultTests
{
    private const nuint KiB = TestArenas.KiB;
    private const nuint MiB = TestArenas.MiB;

    public static TheoryData<string> Operations => [.. Acts.Keys];

    private static Dictionary<string, Func<LinearArena, bool>> Acts => new()
    {
        ["allocate"] = arena => arena.TryAllocate(100 * KiB, 8, out _),
        ["allocate or throw"] = arena => arena.Allocate(MiB) != 0,
        ["trim"] = arena => arena.Trim().IsSuccess,
        ["reset"] = arena => arena.Reset(4096).IsSuccess,
    };

    [Theory]
    [MemberData(nameof(Operations))]
    public void A_refusal_leaves_the_arena_as_it_was(string operation)
    {
        foreach (FaultSweepOptions options in TestArenas.Simulated)
        {
            FaultSweepReport report = default;
            foreach (bool usesHugePages in (bool[])[false, true])
            {
                report = report.Add(FaultSweep.Run(
                    platform => new State(platform, usesHugePages),
                    state => Acts[operation](state.Arena),
                    (state, isDone) => state.Verify(isDone),
                    options));
            }

            Assert.True(report.InjectedCount > 0, "Something was refused.");
        }
    }

    [Fact]
    public void An_arena_that_cannot_be_made_leaves_nothing_behind()
    {
        for (int call = 1; call < 10; call++)
        {
            SimulatedPlatform simulated = new();
            FaultInjectingPlatform platform = new(simulated);
            platform.Arm(FaultPlan.Calls(call, 1));
            try
            {
                using LinearArena arena = new(new LinearArenaOptions { ByteCount = MiB, Platform = platform });
            }
            catch (SystemRefusedException)
            {
                Assert.Equal(1, call);
            }

            Assert.Equal((nuint)0, simulated.ReservedByteCount);
        }
    }

    [Fact]
    public void An_overrun_into_a_guard_kills() =>
        ChildProcess.Run(nameof(LinearArenaScenarios.OverrunGuard)).AssertDiedOfMemoryFault();

    [Fact]
    public void A_use_after_a_rewind_kills_where_there_are_guards() =>
        ChildProcess.Run(nameof(LinearArenaScenarios.UseAfterRewind)).AssertDiedOfMemoryFault();

    private sealed class State : IDisposable
    {
        private readonly FaultInjectingPlatform _platform;
        private readonly LinearArenaStatistics _before;
        private readonly string _picture;

        public State(VmPlatform platform, bool usesHugePages)
        {
            _platform = (FaultInjectingPlatform)platform;
            Arena = new LinearArena(new LinearArenaOptions
            {
                ByteCount = 16 * MiB,
                Platform = platform,
                ZeroesMemory = false,
                UsesHugePages = usesHugePages,
            });
            using (Arena.EnterScope())
            {
                Arena.Allocate(usesHugePages ? 3 * MiB : 400 * KiB);
            }

            // Up to shortly before the end of what is committed, so that the next allocation asks for more.
            Arena.Allocate(Arena.GetStatistics().CommittedByteCount - (64 * KiB));
            _before = Arena.GetStatistics();
            _picture = TestArenas.Picture(platform);
        }

        public LinearArena Arena { get; }

        public void Verify(bool isDone)
        {
            Arena.Map.Validate();
            Assert.Equal(((SimulatedPlatform)_platform.Inner).CommittedByteCount, Arena.GetStatistics().CommittedByteCount);
            if (!isDone)
            {
                Assert.Equal(_before, Arena.GetStatistics());
                Assert.Equal(_picture, TestArenas.Picture(_platform));
            }
        }

        public void Dispose() => Arena.Dispose();
    }
}
