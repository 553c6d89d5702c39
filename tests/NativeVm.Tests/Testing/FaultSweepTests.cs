using NativeVm.Platform;
using NativeVm.Testing;

namespace NativeVm.Tests.Testing;

/// <summary>The sweep reaches every call, and notices what is wrong after a failure.</summary>
public sealed class FaultSweepTests
{
    private const nuint Page = 4096;

    [Fact]
    public void Every_call_of_a_correct_operation_is_failed()
    {
        FaultSweepReport report = FaultSweep.Run(Buffers.Create, Act, Verify);

        // Undisturbed: reserve, commit, reserve, commit; each fails once in every pattern. After a failure one
        // release follows for each reservation that is there: none, 1, 1, 2. Neighbours: 1 + 2 + 2 + 2 refused.
        // All that follow: 1 + 2 + 2 + 3.
        Assert.Equal(new FaultSweepReport(4, 12, 4 + 7 + 8, 12), report);
    }

    [Fact]
    public void One_pattern_alone_fails_each_call_once()
    {
        FaultSweepOptions options = new() { Patterns = FaultPatterns.SingleCall };
        Assert.Equal(new FaultSweepReport(4, 4, 4, 4), FaultSweep.Run(Buffers.Create, Act, Verify, options));
        options = new() { Patterns = FaultPatterns.None };
        Assert.Equal(new FaultSweepReport(4, 0, 0, 0), FaultSweep.Run(Buffers.Create, Act, Verify, options));
    }

    [Fact]
    public void An_operation_that_finds_another_way_has_not_failed_and_its_other_calls_fail_too()
    {
        static bool ActWithFallback(Buffers buffers) => buffers.TryReserve(64 * Page) || buffers.TryReserve(Page);

        FaultSweepReport report = FaultSweep.Run(Buffers.Create, ActWithFallback, static (_, _) => { });
        Assert.Equal(1, report.UndisturbedCallCount);

        // Single: the first call. Neighbours and all that follow: the first call and its fallback.
        Assert.Equal(new FaultSweepReport(1, 3, 5, 2), report);
    }

    [Fact]
    public void A_refusal_that_is_thrown_is_a_failure()
    {
        FaultSweepReport report = FaultSweep.Run(
            static platform => platform,
            static platform =>
            {
                platform.Reserve(Page, Placement.Anywhere, out nuint address).ThrowIfRefused();
                platform.Release(address, Page);
                return true;
            },
            static (_, _) => { },
            new FaultSweepOptions
            {
                Patterns = FaultPatterns.SingleCall,
                Refusal = FaultPlan.None.Saying(RefusalReason.NoAddressSpace, 12),
            });
        Assert.Equal(new FaultSweepReport(2, 2, 2, 1), report);
    }

    [Fact]
    public void A_leak_after_a_failure_is_noticed()
    {
        FaultSweepException thrown = Assert.Throws<FaultSweepException>(() => FaultSweep.Run(
            static platform => new Buffers(platform) { ForgetsAfterFailure = true }, Act, Verify));
        Assert.Contains("Something stays reserved", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("call 2, OutOfMemory", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("Commit of 8,192 bytes", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_state_after_a_failure_is_noticed_and_disposal_does_not_hide_it()
    {
        FaultSweepException thrown = Assert.Throws<FaultSweepException>(() => FaultSweep.Run(
            static platform => new Buffers(platform) { ReleasesTwiceAfterFailure = true },
            Act,
            static (_, succeeded) => Assert.True(succeeded, "the verification's words")));
        Assert.Contains("Disposal then threw UnlawfulUseException", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("Verification went wrong with call 1", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("the verification's words", thrown.Message, StringComparison.Ordinal);
        Assert.IsType<Xunit.Sdk.TrueException>(thrown.InnerException);
    }

    [Fact]
    public void Unlawful_use_after_a_failure_is_noticed()
    {
        FaultSweepException thrown = Assert.Throws<FaultSweepException>(() => FaultSweep.Run(
            Buffers.Create,
            static buffers =>
            {
                bool succeeded = buffers.TryReserve(Page);
                return succeeded | buffers.TryCommit(Page);
            },
            static (_, _) => { }));
        Assert.IsType<UnlawfulUseException>(thrown.InnerException);
        Assert.Contains("The operation went wrong", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_operation_that_fails_undisturbed_or_again_is_noticed()
    {
        FaultSweepException thrown = Assert.Throws<FaultSweepException>(
            () => FaultSweep.Run(static platform => platform, static _ => false, static (_, _) => { }));
        Assert.Contains("although no call was refused", thrown.Message, StringComparison.Ordinal);

        static bool ActOnce(Buffers buffers) => buffers.Tries++ == 0 && buffers.TryReserve(Page);
        thrown = Assert.Throws<FaultSweepException>(
            () => FaultSweep.Run(Buffers.Create, ActOnce, static (_, _) => { }));
        Assert.Contains("It failed again", thrown.Message, StringComparison.Ordinal);
        FaultSweep.Run(
            Buffers.Create, ActOnce, static (_, _) => { }, new FaultSweepOptions { RepeatsAfterFailure = false });
    }

    [Fact]
    public void An_operation_that_never_ends_is_given_up()
    {
        FaultSweepOptions options = new() { MostCalls = 20, Patterns = FaultPatterns.SingleCall };
        FaultSweepException thrown = Assert.Throws<FaultSweepException>(() => FaultSweep.Run(
            Buffers.Create,
            static buffers =>
            {
                for (int i = 0; i < 100; i++)
                {
                    buffers.TryReserve(Page);
                }

                return true;
            },
            static (_, _) => { },
            options));
        Assert.Contains("After 20 runs", thrown.Message, StringComparison.Ordinal);
    }

    private static bool Act(Buffers buffers) => buffers.TryAdd(2 * Page, 3 * Page);

    private static void Verify(Buffers buffers, bool succeeded)
    {
        SimulatedPlatform simulated = (SimulatedPlatform)((FaultInjectingPlatform)buffers.Platform).Inner;
        Assert.Equal(succeeded ? 2 : 0, buffers.Count);
        Assert.True(simulated.CommittedByteCount >= (succeeded ? 5 * Page : 0));
    }

    /// <summary>A small engine to be tested: buffers that come in pairs or not at all.</summary>
    private sealed class Buffers(VmPlatform platform) : IDisposable
    {
        private readonly List<(nuint Address, nuint ByteCount)> _buffers = [];

        // What the system would not take back; offered to it again at the end.
        private readonly List<(nuint Address, nuint ByteCount)> _unreleased = [];
        private bool _hasFailed;

        public VmPlatform Platform => platform;

        public bool ForgetsAfterFailure { get; init; }

        public bool ReleasesTwiceAfterFailure { get; init; }

        public int Tries { get; set; }

        public int Count => _buffers.Count;

        public static Buffers Create(VmPlatform platform) => new(platform);

        public bool TryAdd(nuint first, nuint second)
        {
            if (TryReserve(first) && TryCommit(first) && TryReserve(second) && TryCommit(second))
            {
                return true;
            }

            _hasFailed = true;
            if (ForgetsAfterFailure)
            {
                _buffers.Clear();
            }

            ReleaseAll();
            return false;
        }

        public bool TryReserve(nuint byteCount)
        {
            if (platform.Reserve(byteCount, Placement.Anywhere, out nuint address).IsRefused)
            {
                return false;
            }

            _buffers.Add((address, byteCount));
            return true;
        }

        public bool TryCommit(nuint byteCount)
        {
            nuint address = _buffers.Count == 0 ? 0x10_0000 : _buffers[^1].Address;
            return platform.Commit(address, byteCount, PageProtection.ReadWrite).IsSuccess;
        }

        public void Dispose()
        {
            if (ReleasesTwiceAfterFailure && _hasFailed)
            {
                platform.Reserve(Page, Placement.Anywhere, out nuint address).ThrowIfRefused();
                platform.Release(address, Page).ThrowIfRefused();
                platform.Release(address, Page).ThrowIfRefused();
            }

            ReleaseAll();
            foreach ((nuint address, nuint byteCount) in _unreleased)
            {
                platform.Release(address, byteCount).ThrowIfRefused();
            }
        }

        private void ReleaseAll()
        {
            foreach ((nuint address, nuint byteCount) in _buffers)
            {
                if (platform.Release(address, byteCount).IsRefused)
                {
                    _unreleased.Add((address, byteCount));
                }
            }

            _buffers.Clear();
        }
    }
}
