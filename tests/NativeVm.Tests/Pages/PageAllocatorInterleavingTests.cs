using NativeVm.Platform;
using NativeVm.Testing;
using NativeVm.Tests.Support;

namespace NativeVm.Tests.Pages;

/// <summary>Runs that are on their way to the system, or come from it, meanwhile others are freed and taken.</summary>
public sealed unsafe class PageAllocatorInterleavingTests
{
    private const nuint KiB = 1024;

    [CapabilityFact(Needs.Posix)]
    public void What_is_trimmed_is_nobodys_and_what_is_allocated_is_zero() => Explore(static platform => new Scenario(
        platform,
        static scenario => scenario.Pages.Trim(),
        static scenario => scenario.AllocateAndFill(0),
        static scenario => scenario.FreeOld()));

    [CapabilityFact(Needs.Posix)]
    public void Two_trims_give_nothing_back_twice() => Explore(static platform => new Scenario(
        platform,
        static scenario => scenario.Pages.Trim(),
        static scenario => scenario.Pages.Trim(32 * KiB),
        static scenario => scenario.AllocateAndFill(0)));

    [CapabilityFact(Needs.Posix)]
    public void A_disposal_in_the_midst_of_use_waits_or_is_told() => Explore(static platform => new Scenario(
        platform,
        static scenario => scenario.UnlessDisposed(static it => it.Pages.Trim()),
        static scenario => scenario.UnlessDisposed(static it => it.Pages.TryAllocate(1 << 20, 1, PageAllocationFlags.None, out _)),
        static scenario => scenario.DisposePages()));

    private static void Explore(Func<VmPlatform, InterleavingScenario> make)
    {
        InterleavingReport report = NativeVm.Testing.Interleavings.Explore(
            VmPlatform.Current, make, new InterleavingOptions { MaxRunCount = 400 });
        Assert.True(report.RunCount > 2, report.ToString());
    }

    /// <summary>An allocator with one run in use and another one free and dirty.</summary>
    private sealed class Scenario : InterleavingScenario
    {
        private readonly nuint _old;
        private readonly nuint[] _new = new nuint[3];
        private bool _isFreed;
        private bool _isDisposed;

        public Scenario(VmPlatform platform, params Action<Scenario>[] operations)
        {
            Pages = new PageAllocator(new PageAllocatorOptions { Platform = platform, TrimsInBackground = false });
            _old = Pages.Allocate(64 * KiB);
            Fill(_old, 1);
            nuint free = Pages.Allocate(64 * KiB);
            Fill(free, 2);
            Pages.Free(free);
            Operations = [.. operations.Select(operation => (Action)(() => operation(this)))];
        }

        public PageAllocator Pages { get; }

        public override IReadOnlyList<Action> Operations { get; }

        public void AllocateAndFill(int index)
        {
            nuint address = Pages.Allocate(64 * KiB);
            Assert.False(Bytes(address).ContainsAnyExcept((byte)0));
            Fill(address, (byte)(10 + index));
            _new[index] = address;
        }

        public void FreeOld()
        {
            Assert.False(Bytes(_old).ContainsAnyExcept((byte)1));
            Pages.Free(_old);
            _isFreed = true;
        }

        public void DisposePages()
        {
            Pages.Dispose();
            _isDisposed = true;
        }

        public void UnlessDisposed(Action<Scenario> action)
        {
            try
            {
                action(this);
            }
            catch (ObjectDisposedException)
            {
                // That is how a disposal in the midst of it is told.
                return;
            }
        }

        public override void Verify()
        {
            if (_isDisposed)
            {
                Assert.Throws<ObjectDisposedException>(() => Pages.Trim());
                return;
            }

            nuint expected = _isFreed ? 0 : 64 * KiB;
            Assert.True(_isFreed || !Bytes(_old).ContainsAnyExcept((byte)1));
            for (int i = 0; i < _new.Length; i++)
            {
                if (_new[i] != 0)
                {
                    Assert.False(Bytes(_new[i]).ContainsAnyExcept((byte)(10 + i)));
                    expected += 64 * KiB;
                }
            }

            Pages.Validate();
            Assert.Equal(expected, Pages.GetStatistics().AllocatedByteCount);
        }

        protected override void Dispose(bool disposing)
        {
            Pages.Dispose();
            base.Dispose(disposing);
        }

        private static Span<byte> Bytes(nuint address) => new((void*)address, (int)(64 * KiB));

        private static void Fill(nuint address, byte value) => Bytes(address).Fill(value);
    }
}
