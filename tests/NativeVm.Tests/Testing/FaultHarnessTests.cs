using NativeVm.Platform;
using NativeVm.Testing;

namespace NativeVm.Tests.Testing;

/// <summary>The catalog tells what is missing, and a sweep fails calls for pages and for records in one sequence.</summary>
public sealed class FaultHarnessTests
{
    [Fact]
    public void What_nobody_claims_and_claims_that_are_void_are_reported()
    {
        IReadOnlyList<string> complaints = FaultCatalog.Of(new EngineScenario(leaks: false)).FindUncovered([typeof(Engine)]);
        Assert.Equal(6, complaints.Count);
        Assert.Contains(complaints, static line => line.Contains("Engine.Gone, which is not there", StringComparison.Ordinal));
        Assert.Contains(
            complaints, static line => line.Contains("Engine.Load, which is overloaded: Load(nuint); Load(string)", StringComparison.Ordinal));
        Assert.Contains(complaints, static line => line.Contains("Engine.Look(), which is both covered and exempt", StringComparison.Ordinal));
        Assert.Contains(complaints, static line => line.StartsWith("FaultHarnessTests.Engine.Forgotten(long*) is neither", StringComparison.Ordinal));
        Assert.Contains(complaints, static line => line.StartsWith("FaultHarnessTests.Engine.Dispose() is neither", StringComparison.Ordinal));
        Assert.Contains(complaints, static line => line.StartsWith("FaultHarnessTests.Engine.new(FaultPlatforms, bool) is neither", StringComparison.Ordinal));
    }

    [Fact]
    public void Calls_for_records_fail_in_their_turn()
    {
        FaultTally tally = new();
        foreach (FaultAct act in FaultCatalog.Of(new EngineScenario(leaks: false)).Acts)
        {
            Assert.Equal(act.Name != "EngineScenario.Look", tally.Sweep(act));
        }

        // On two systems: a reservation for pages and one for records, each refused alone and with its neighbour.
        Assert.Equal(2 * 2, tally.Total.UndisturbedCallCount);
        Assert.Equal(2, tally.Total.UndisturbedMetadataCallCount);
        Assert.Equal(2 * 4, tally.Total.RunCount);
        Assert.Contains("covers nothing", Assert.Single(tally.Failures), StringComparison.Ordinal);
        Assert.Contains("EngineScenario.Load: 4 calls, 2 of them for metadata", tally.ToTable(), StringComparison.Ordinal);
        Assert.EndsWith("1 acts failed", tally.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Memory_for_records_that_stays_is_a_leak()
    {
        FaultAct act = FaultCatalog.Of(new EngineScenario(leaks: true)).Acts.Single(static act => act.Name == "EngineScenario.Load");
        FaultSweepException thrown = Assert.Throws<FaultSweepException>(() => act.Sweep());
        Assert.Contains("Something stays reserved", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("[metadata]", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Platforms_that_count_together_have_one_plan_and_one_log()
    {
        FaultInjectingPlatform first = new(new SimulatedPlatform());
        FaultInjectingPlatform second = new(new SimulatedPlatform(), first, "second");
        second.Arm(FaultPlan.Call(2));
        first.Reserve(first.PageSize, Placement.Anywhere, out nuint address).ThrowIfRefused();
        Assert.True(second.Reserve(second.PageSize, Placement.Anywhere, out _).IsRefused);
        Assert.Equal((2, 1), (first.CallCount, first.InjectedCount));
        Assert.Equal((1, 0), (first.OpenReservationCount, second.OpenReservationCount));
        Assert.Equal(["", "second"], first.RecordedCalls().Select(static call => call.Call.Source));
        first.Release(address, first.PageSize).ThrowIfRefused();
        Assert.Equal(0, first.OpenReservationCount);
    }

    /// <summary>A small engine: pages of a simulated system, records in real memory.</summary>
    public sealed class Engine(FaultPlatforms platforms, bool leaks) : IDisposable
    {
        private readonly List<(FaultInjectingPlatform Platform, nuint Address)> _held = [];

        public bool IsLoaded => _held.Count > 0;

        public bool Load(nuint byteCount)
        {
            if (TryHold(platforms.Pages, byteCount) && TryHold(platforms.Metadata, byteCount))
            {
                return true;
            }

            Dispose();
            return false;
        }

        public bool Load(string name) => name.Length > 0 && Load((nuint)1 << 16);

        public bool Look() => IsLoaded | leaks;

        public unsafe bool Forgotten(long* value) => *value == 0 && IsLoaded;

        public void Dispose()
        {
            foreach ((FaultInjectingPlatform platform, nuint address) in _held)
            {
                if (!leaks || platform == platforms.Pages)
                {
                    while (platform.Release(address, 1 << 16).IsRefused)
                    {
                    }
                }
            }

            _held.Clear();
        }

        private bool TryHold(FaultInjectingPlatform platform, nuint byteCount)
        {
            bool isHeld = platform.Reserve(byteCount, Placement.Anywhere, out nuint address).IsSuccess;
            if (isHeld)
            {
                _held.Add((platform, address));
            }

            return isHeld;
        }
    }

    // With an argument, so that the catalog of the whole assembly passes it over.
    [CannotReachSystem(typeof(Engine), "It looks.", nameof(Engine.Look))]
    private sealed class EngineScenario(bool leaks) : FaultScenario<Engine>
    {
        public override Engine SetUp(FaultPlatforms platforms) => new(platforms, leaks);

        public override void Verify(Engine state, bool succeeded) => Assert.True(state.IsLoaded == succeeded || !state.IsLoaded);

        [Covers(typeof(Engine), "Load(nuint)", "Gone")]
        [Covers(typeof(Engine), nameof(Engine.Load))]
        public static bool Load(Engine state) => state.Load((nuint)1 << 16);

        [Covers(typeof(Engine), nameof(Engine.Look))]
        public static bool Look(Engine state) => state.Look() | true;
    }
}
