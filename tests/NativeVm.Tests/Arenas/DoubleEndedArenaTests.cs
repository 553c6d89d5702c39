using FsCheck;
using FsCheck.Fluent;
using NativeVm.Platform;
using NativeVm.Testing;
using NativeVm.Tests.Support;

namespace NativeVm.Tests.Arenas;

public sealed class DoubleEndedArenaTests
{
    private const nuint KiB = TestArenas.KiB;
    private const nuint MiB = TestArenas.MiB;

    [Theory]
    [InlineData(1024, 0, 1)]
    [InlineData(256, 0, 0)]
    [InlineData(1024, 150, 1)]
    public void Both_ends_do_what_two_lists_do(int kibibytes, int limit, int step)
    {
        DoubleEndedArenaOptions options = new()
        {
            ByteCount = (nuint)kibibytes * KiB,
            MemoryLimit = (nuint)limit * KiB,
            CommitStep = (nuint)step,
        };
        Prop.ForAll(ArbMap.Default.ArbFor<(byte, ushort)[]>(), operations => Run(options, operations))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(100).WithEndSize(200));
        Random random = new(5);
        (byte, ushort)[] many = new (byte, ushort)[4000];
        for (int i = 0; i < many.Length; i++)
        {
            many[i] = ((byte)random.Next(256), (ushort)random.Next(65536));
        }

        Run(options, many);
    }

    [Fact]
    public void The_ends_meet_at_the_last_byte()
    {
        using DoubleEndedArena arena = new(new DoubleEndedArenaOptions { ByteCount = 256 * KiB });
        nuint total = 0;
        nuint lowEnd = arena.BaseAddress;
        nuint highStart = arena.BaseAddress + arena.ByteCount;
        while (total < 256 * KiB)
        {
            Assert.Equal(lowEnd, arena.AllocateLow(64));
            lowEnd += 64;
            highStart -= 192;
            Assert.Equal(highStart, arena.AllocateHigh(192));
            total += 256;
        }

        Assert.Equal(lowEnd, highStart);
        Assert.Throws<InsufficientMemoryException>(() => arena.AllocateLow(1));
        Assert.Throws<InsufficientMemoryException>(() => arena.AllocateHigh(1));
        Assert.Throws<InsufficientMemoryException>(() => arena.AllocateHigh(nuint.MaxValue));
        arena.Reset();
        Assert.Equal(arena.BaseAddress, arena.AllocateLow(256 * KiB));
    }

    [Fact]
    public void Scopes_of_one_end_know_nothing_of_the_other()
    {
        using DoubleEndedArena arena = new(new DoubleEndedArenaOptions { ByteCount = MiB });
        DoubleEndedArenaScope low = arena.EnterScope(ArenaEnd.Low);
        arena.AllocateLow(100);
        DoubleEndedArenaScope high = arena.EnterScope(ArenaEnd.High);
        arena.AllocateHigh(100);
        low.Dispose();
        Assert.Equal((nuint)0, arena.GetStatistics().LowByteCount);
        Assert.Equal((nuint)104, arena.GetStatistics().HighByteCount);
        Assert.Throws<InvalidOperationException>(arena.Reset);
        DoubleEndedArenaScope inner = arena.EnterScope(ArenaEnd.High);
        bool isFoundOut = false;
        try
        {
            high.Dispose();
        }
        catch (InvalidOperationException)
        {
            isFoundOut = true;
        }

        Assert.True(isFoundOut);
        inner.Dispose();
        high.Dispose();
        arena.Reset();
    }

    [Fact]
    public void Misuse_throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new DoubleEndedArena(new DoubleEndedArenaOptions { ByteCount = 0 }));
        DoubleEndedArena arena = new(new DoubleEndedArenaOptions { ByteCount = MiB });
        Assert.Throws<ArgumentOutOfRangeException>(() => arena.TryAllocate(ArenaEnd.Low, 8, 3, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => arena.TryAllocate((ArenaEnd)2, 8, 8, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => arena.EnterScope((ArenaEnd)2).Dispose());
        Assert.False(arena.TryAllocate(ArenaEnd.High, 8, (nuint)1 << 63, out _));
        arena.Dispose();
        arena.Dispose();
        Assert.Throws<ObjectDisposedException>(() => arena.AllocateLow(0));
        Assert.Throws<ObjectDisposedException>(() => arena.AllocateHigh(8));
        Assert.Throws<ObjectDisposedException>(arena.Reset);
        Assert.Throws<ObjectDisposedException>(() => arena.Trim());
        Assert.Throws<ObjectDisposedException>(() => arena.GetStatistics());
    }

    [Fact]
    public void A_refusal_leaves_both_ends_as_they_were()
    {
        Func<DoubleEndedArena, bool>[] acts =
        [
            arena => arena.TryAllocate(ArenaEnd.Low, 300 * KiB, 8, out _),
            arena => arena.TryAllocate(ArenaEnd.High, 300 * KiB, 8, out _),
            arena => arena.Trim().IsSuccess,
        ];
        foreach (FaultSweepOptions options in TestArenas.Simulated)
        {
            foreach (Func<DoubleEndedArena, bool> act in acts)
            {
                FaultSweepReport report = FaultSweep.Run(
                    platform => new State(platform), state => act(state.Arena), (state, isDone) => state.Verify(isDone), options);
                Assert.True(report.FailedRunCount > 0, "Something was refused.");
            }
        }
    }

    [Fact]
    public void No_operation_allocates_on_the_managed_heap()
    {
        using DoubleEndedArena arena = new(new DoubleEndedArenaOptions { ByteCount = 16 * MiB });
        Assert.Equal(0, ManagedAllocations.Of(() =>
        {
            for (int i = 0; i < 1000; i++)
            {
                using DoubleEndedArenaScope scope = arena.EnterScope(ArenaEnd.High);
                arena.AllocateHigh(1000);
                arena.AllocateLow(1000);
            }

            arena.Reset();
            arena.Trim();
        }));
    }

    private static void Run(DoubleEndedArenaOptions options, (byte Kind, ushort Argument)[] operations)
    {
        using DoubleEndedArena arena = new(options);
        List<(nuint Address, nuint ByteCount, byte Pattern)> live = [];
        byte next = 0;
        foreach ((byte kind, ushort argument) in operations)
        {
            if (kind % 32 == 31)
            {
                arena.Reset();
                live.Clear();
            }
            else if (kind % 32 == 30)
            {
                Assert.Equal(VmResult.Success, arena.Trim());
            }
            else if (kind % 32 >= 27)
            {
                using DoubleEndedArenaScope scope = arena.EnterScope((ArenaEnd)(kind & 1));
                if (arena.TryAllocate((ArenaEnd)(kind & 1), argument, 8, out nuint scratch))
                {
                    TestArenas.Bytes(scratch, argument).Fill(0xEE);
                }
            }
            else if (arena.TryAllocate((ArenaEnd)(kind & 1), argument % 3000u, (nuint)1 << (kind % 8), out nuint address))
            {
                Assert.Equal((nuint)0, address % ((nuint)1 << (kind % 8)));
                Span<byte> bytes = TestArenas.Bytes(address, argument % 3000u);
                Assert.Equal(-1, bytes.IndexOfAnyExcept((byte)0));
                bytes.Fill(++next);
                live.Add((address, argument % 3000u, next));
            }
        }

        foreach ((nuint address, nuint byteCount, byte pattern) in live)
        {
            Assert.Equal(-1, TestArenas.Bytes(address, byteCount).IndexOfAnyExcept(pattern));
        }

        DoubleEndedArenaStatistics statistics = arena.GetStatistics();
        Assert.True(options.MemoryLimit == 0 || statistics.CommittedByteCount <= options.MemoryLimit, "The limit is honoured.");
        Assert.True(statistics.LowByteCount + statistics.HighByteCount <= statistics.CommittedByteCount, "What is used is committed.");
        arena.Map.Validate();
    }

    private sealed class State : IDisposable
    {
        private readonly VmPlatform _platform;
        private readonly DoubleEndedArenaStatistics _before;
        private readonly string _picture;

        public State(VmPlatform platform)
        {
            _platform = platform;
            Arena = new DoubleEndedArena(new DoubleEndedArenaOptions { ByteCount = 16 * MiB, Platform = platform, ZeroesMemory = false });
            Arena.AllocateLow(100);
            Arena.AllocateHigh(100);
            _before = Arena.GetStatistics();
            _picture = TestArenas.Picture(platform);
        }

        public DoubleEndedArena Arena { get; }

        public void Verify(bool isDone)
        {
            Arena.Map.Validate();
            Assert.Equal(Arena.Map.GetStatistics().CommittedByteCount, Arena.GetStatistics().CommittedByteCount);
            if (!isDone)
            {
                Assert.Equal(_before, Arena.GetStatistics());
                Assert.Equal(_picture, TestArenas.Picture(_platform));
            }
        }

        public void Dispose() => Arena.Dispose();
    }
}
