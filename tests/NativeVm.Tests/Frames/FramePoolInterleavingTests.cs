using NativeVm.Platform;
using NativeVm.Testing;
using NativeVm.Tests.Support;

namespace NativeVm.Tests.Frames;

/// <summary>
/// The state word of a frame, which is changed without a lock, while its pages are on their way to the system: every
/// order of the calls, on real pages.
/// </summary>
public sealed class FramePoolInterleavingTests
{
    private const byte Old = 0x11;
    private const byte New = 0x22;

    [CapabilityFact(Needs.Posix)]
    public void A_frame_is_pinned_with_all_of_its_bytes_or_none_while_it_is_given_back() => Explore(static platform =>
    {
        PoolScenario scenario = new(platform);
        bool isGivenBack = false;
        bool isWritten = false;
        scenario.Add(() => isGivenBack = scenario.Pool.GiveBack(scenario.Frame));
        scenario.Add(() =>
        {
            if (scenario.Pool.TryPin(scenario.Frame))
            {
                RequireUniform(scenario.Pool, scenario.Frame, Old, 0);
                scenario.Pool.GetSpan(scenario.Frame).Fill(New);
                isWritten = true;
                scenario.Pool.Unpin(scenario.Frame);
            }
        });
        scenario.Verifier = () =>
        {
            Assert.True(isGivenBack || isWritten, "One of the two was not kept from it.");
            RequireUniform(scenario.Pool, scenario.Frame, isGivenBack ? (byte)0 : New, isWritten ? New : (byte)0);
            scenario.Pool.Free(scenario.Frame);
        };
        return scenario;
    });

    [CapabilityFact(Needs.Posix)]
    public void A_frame_goes_to_one_owner_while_it_is_freed_trimmed_and_allocated() => Explore(static platform =>
    {
        PoolScenario scenario = new(platform);
        uint? first = null;
        uint? second = null;
        scenario.Add(() => Assert.True(scenario.Pool.TryFreeAndGiveBack(scenario.Frame)));
        scenario.Add(() => first = AllocateAndFill(scenario.Pool));
        scenario.Add(() =>
        {
            second = AllocateAndFill(scenario.Pool);
            scenario.Pool.Trim();
        });
        scenario.Verifier = () =>
        {
            Assert.NotEqual(first, second);
            foreach (uint? frame in new[] { first, second })
            {
                RequireUniform(scenario.Pool, frame!.Value, New, New);
                scenario.Pool.Free(frame.Value);
            }

            Assert.Equal((nuint)0, scenario.Pool.GetStatistics().AllocatedCount);
        };
        return scenario;
    });

    [CapabilityFact(Needs.Posix)]
    public void A_disposal_waits_for_the_pages_of_a_frame_and_keeps_everybody_else_out() => Explore(static platform =>
    {
        PoolScenario scenario = new(platform);
        bool isDisposed = false;
        scenario.Add(() => IgnoreDisposal(() => scenario.Pool.GiveBack(scenario.Frame)));
        scenario.Add(() => IgnoreDisposal(() =>
        {
            if (scenario.Pool.TryPin(scenario.Frame))
            {
                // Pinned, it cannot go.
                RequireUniform(scenario.Pool, scenario.Frame, Old, 0);
                scenario.Pool.Unpin(scenario.Frame);
            }
        }));
        scenario.Add(() =>
        {
            try
            {
                scenario.Pool.Dispose();
                isDisposed = true;
            }
            catch (InvalidOperationException)
            {
                isDisposed = false;
            }
        });
        scenario.Verifier = () =>
        {
            if (!isDisposed)
            {
                RequireUniform(scenario.Pool, scenario.Frame, Old, 0);
            }
        };
        return scenario;
    });

    private static void Explore(Func<VmPlatform, InterleavingScenario> make)
    {
        InterleavingReport report = NativeVm.Testing.Interleavings.Explore(
            VmPlatform.Current, make, new InterleavingOptions { MaxRunCount = 600 });
        Assert.True(report.RunCount > 2, report.ToString());
    }

    private static uint AllocateAndFill(FramePool pool)
    {
        uint frame = pool.Allocate();
        RequireUniform(pool, frame, 0, 0);
        pool.GetSpan(frame).Fill(New);
        return frame;
    }

    private static void RequireUniform(FramePool pool, uint frame, byte one, byte other)
    {
        Span<byte> bytes = pool.GetSpan(frame);
        Assert.True(bytes[0] == one || bytes[0] == other, $"{bytes[0]:x2}");
        Assert.False(bytes.ContainsAnyExcept(bytes[0]));
    }

    private static void IgnoreDisposal(Action action)
    {
        try
        {
            action();
        }
        catch (ObjectDisposedException)
        {
            // That is what a disposal in the midst of it is to lead to.
            return;
        }
    }

    /// <summary>A pool with one frame in use, filled.</summary>
    private sealed class PoolScenario : InterleavingScenario
    {
        private readonly List<Action> _operations = [];

        public PoolScenario(VmPlatform platform)
        {
            Pool = new FramePool(new FramePoolOptions { FrameByteCount = 16 << 10, FrameCount = 8, Platform = platform });
            Frame = Pool.Allocate();
            Pool.GetSpan(Frame).Fill(Old);
        }

        public FramePool Pool { get; }

        public uint Frame { get; }

        public Action Verifier { get; set; } = static () => { };

        public override IReadOnlyList<Action> Operations => _operations;

        public void Add(Action operation) => _operations.Add(operation);

        public override void Verify() => Verifier();

        protected override void Dispose(bool disposing)
        {
            Pool.Dispose();
            base.Dispose(disposing);
        }
    }
}
