using NativeVm.Platform;
using NativeVm.Testing;
using NativeVm.Tests.Platform;

namespace NativeVm.Tests.Objects;

/// <summary>Every system call of an arena refused, on the real system: what was flushed stays, and nothing leaks.</summary>
public sealed class ArenaSweepTests
{
    public static TheoryData<string> Operations => [.. Acts.Keys];

    private static Dictionary<string, Func<State, bool>> Acts => new()
    {
        ["make"] = state => state.Open(state.Fresh),
        ["open"] = state => state.Open(state.Existing),
        ["allocate and grow"] = state => state.Existing.Arena!.TryAllocate(3 << 20, 64, out _),
        ["flush"] = state => state.Existing.Arena!.TryFlush(out _),
    };

    [Theory]
    [MemberData(nameof(Operations))]
    public void A_refusal_is_reported_and_loses_nothing(string operation)
    {
        Func<State, bool> act = Acts[operation];
        FaultSweepReport report = FaultSweep.Run(
            platform => new State(platform, isOpen: operation is not ("make" or "open")),
            act,
            (state, succeeded) => state.Verify(succeeded, operation),
            ObjectSystems.Real);
        Assert.True(report.FailedRunCount > 0, "Something was refused.");
    }

    private sealed class Slot : IDisposable
    {
        public TemporaryFile File { get; } = new();

        public PersistentArena? Arena { get; set; }

        public void Dispose()
        {
            Arena?.Dispose();
            File.Dispose();
        }
    }

    private sealed class State : IDisposable
    {
        private readonly VmPlatform _platform;
        private readonly nuint _used;

        public State(VmPlatform platform, bool isOpen)
        {
            _platform = platform;
            Assert.True(Open(Existing));
            ArenaList.Append(Existing.Arena!, 100);
            Existing.Arena!.Flush();
            _used = Existing.Arena.UsedByteCount;
            if (!isOpen)
            {
                Existing.Arena.Dispose();
                Existing.Arena = null;
            }
        }

        public Slot Existing { get; } = new();

        public Slot Fresh { get; } = new();

        public bool Open(Slot slot)
        {
            bool isOpen = PersistentArena.TryOpen(
                new() { Path = slot.File.Path, MaxByteCount = 16 << 20, Platform = _platform, TakesSpaceAhead = true },
                out PersistentArena? arena,
                out PersistentArenaFailure failure);
            Assert.Equal(isOpen, failure.Error == PersistentArenaError.None);
            slot.Arena = arena;
            return isOpen;
        }

        public void Verify(bool succeeded, string operation)
        {
            if (!succeeded)
            {
                Assert.Null(Fresh.Arena);
                Assert.Equal(0, Mapped(Fresh.File.Path));
                Assert.True(!OperatingSystem.IsLinux() || (operation is "open" or "make") == (Mapped(Existing.File.Path) == 0));
            }

            if (Existing.Arena is { } arena)
            {
                Assert.Equal(100, ArenaList.Verify(arena));
                Assert.Equal(succeeded && operation == "allocate and grow", arena.UsedByteCount > _used);
            }

            if (Fresh.Arena is { } fresh)
            {
                ArenaList.Append(fresh, 5);
                Assert.True(ArenaList.Verify(fresh) % 5 == 0);
            }
        }

        public void Dispose()
        {
            Existing.Arena?.Dispose();
            Fresh.Arena?.Dispose();
            Assert.Equal(0, Mapped(Existing.File.Path) + Mapped(Fresh.File.Path));
            Existing.Dispose();
            Fresh.Dispose();
        }

        private static int Mapped(string path) => OperatingSystem.IsLinux()
            ? File.ReadLines("/proc/self/maps").Count(line => line.Contains(path, StringComparison.Ordinal))
            : 0;
    }
}
