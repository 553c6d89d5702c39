using NativeVm.Platform;
using NativeVm.Testing;

namespace NativeVm.Tests.Testing.Interleavings;

/// <summary>The explorer itself: it walks every order, finds what only one order breaks, and gets past locks.</summary>
public sealed class InterleavingTests
{
    [Theory]
    [InlineData(1, 20)]
    [InlineData(2, 252)]
    public void Two_threads_of_some_calls_have_as_many_orders_as_there_are_choices(int callCount, int orders)
    {
        // Each thread has a step to its first point, and two for each call: the orders are the ways to shuffle two
        // rows of 2 n + 1 steps.
        InterleavingReport report = Explore(platform => new Counting(platform, callCount, isLocked: true, sharesCounter: false));
        Assert.Equal(2 * ((2 * callCount) + 1), report.LongestRun);

        // Unless the machine has kept a thread from running for so long that it was taken for one that waits.
        Assert.True(report.RunCount == orders || report.BlockedCount > 0, report.ToString());
    }

    [Fact]
    public void A_counter_that_is_read_before_a_call_and_written_after_it_is_found_out()
    {
        InterleavingException thrown = Assert.Throws<InterleavingException>(
            () => Explore(static platform => new Counting(platform, 1, isLocked: false, sharesCounter: true)));
        Assert.Contains("comes back from Commit", thrown.Order, StringComparison.Ordinal);
    }

    [Fact]
    public void Under_a_lock_the_counter_is_right_in_every_order_and_waiting_is_no_end()
    {
        InterleavingReport report = Explore(static platform => new Counting(platform, 1, isLocked: true, sharesCounter: true));
        Assert.True(report.BlockedCount > 0);
        Assert.True(report.RunCount >= 2);
    }

    private static InterleavingReport Explore(Func<VmPlatform, InterleavingScenario> make) =>
        NativeVm.Testing.Interleavings.Explore(new SimulatedPlatform(), make, new InterleavingOptions { MaxRunCount = 1000 });

    /// <summary>Two threads that commit pages and count them.</summary>
    private sealed class Counting : InterleavingScenario
    {
        private readonly VmPlatform _platform;
        private readonly Lock _lock = new();
        private readonly int _callCount;
        private readonly nuint _address;
        private readonly int[] _counters = new int[2];

        public Counting(VmPlatform platform, int callCount, bool isLocked, bool sharesCounter)
        {
            _platform = platform;
            _callCount = callCount;
            platform.Reserve(16 * platform.PageSize, Placement.Anywhere, out _address).ThrowIfRefused();
            Operations = [.. Enumerable.Range(0, 2).Select(i => (Action)(() => Run(i, isLocked, sharesCounter)))];
        }

        public override IReadOnlyList<Action> Operations { get; }

        public override void Verify() => Assert.Equal(2 * _callCount, _counters.Sum());

        protected override void Dispose(bool disposing)
        {
            _platform.Release(_address, 16 * _platform.PageSize).ThrowIfRefused();
            base.Dispose(disposing);
        }

        private void Run(int number, bool isLocked, bool sharesCounter)
        {
            for (int i = 0; i < _callCount; i++)
            {
                if (isLocked && sharesCounter)
                {
                    lock (_lock)
                    {
                        CommitAndCount(number, 0);
                    }
                }
                else
                {
                    CommitAndCount(number, sharesCounter ? 0 : number);
                }
            }
        }

        private void CommitAndCount(int number, int counter)
        {
            int count = _counters[counter];
            nuint page = _platform.PageSize;
            _platform.Commit(_address + ((nuint)number * page), page, PageProtection.ReadWrite).ThrowIfRefused();
            _counters[counter] = count + 1;
        }
    }
}
