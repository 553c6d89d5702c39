using NativeVm.Platform;
using NativeVm.Tests.Platform;
using NativeVm.Tests.Support;

namespace NativeVm.Tests.Objects;

/// <summary>What was flushed is there again, at the same addresses, whatever happened since.</summary>
public sealed unsafe class PersistentArenaTests
{
    private const nuint MaxByteCount = 32 * ObjectSystems.MiB;

    [Fact]
    public void Pointers_lead_to_the_same_data_when_it_is_opened_again()
    {
        using TemporaryFile file = new();
        nuint address;
        using (PersistentArena arena = Open(file))
        {
            address = arena.BaseAddress;
            Assert.Equal((nuint)0, arena.Root);
            ArenaList.Append(arena, 1000);
            arena.Flush();
        }

        for (int round = 0; round < 2; round++)
        {
            using PersistentArena again = Open(file);
            Assert.Equal(address, again.BaseAddress);
            Assert.Equal(1000 + round, ArenaList.Verify(again));
            ArenaList.Append(again, 1);
        }

        using PersistentArena reader = PersistentArena.Open(new() { Path = file.Path, Access = MemoryObjectAccess.Read });
        Assert.Equal(1002, ArenaList.Verify(reader));
        Assert.Throws<InvalidOperationException>(() => reader.Allocate(1));
        Assert.Throws<InvalidOperationException>(() => reader.Root = 0);
        Assert.Throws<InvalidOperationException>(reader.Flush);
    }

    [CapabilityFact(Needs.Posix)]
    public void Another_process_finds_it_and_one_that_dies_leaves_what_it_flushed()
    {
        using TemporaryFile file = new();
        ChildProcess.Run(nameof(ArenaScenarios.AppendToArena), file.Path, "10").AssertPassed();
        ChildProcess.Run(nameof(ArenaScenarios.AppendToArena), file.Path, "20").AssertPassed();
        ChildResult death = ChildProcess.Run(nameof(ArenaScenarios.DieWithUnflushedArena), file.Path);
        Assert.NotEqual(0, death.ExitCode);
        Assert.Contains(ChildScenarios.ReachedFault, death.Output, StringComparison.Ordinal);
        using PersistentArena arena = Open(file);
        Assert.Equal(31, ArenaList.Verify(arena));
        nuint fresh = arena.Allocate(256 * ObjectSystems.KiB);
        Assert.Equal(-1, new Span<byte>((void*)fresh, 256 << 10).IndexOfAnyExcept((byte)0));
    }

    [CapabilityFact(Needs.Posix)]
    public void A_write_to_an_arena_opened_for_reading_kills()
    {
        using TemporaryFile file = new();
        Open(file).Dispose();
        ChildProcess.Run(nameof(ArenaScenarios.WriteArenaOpenedForReading), file.Path).AssertDiedOfMemoryFault();
    }

    [Fact]
    public void A_range_that_is_taken_is_an_error_and_nothing_is_mapped_elsewhere()
    {
        using TemporaryFile file = new();
        nuint address;
        using (PersistentArena arena = Open(file))
        {
            address = arena.BaseAddress;
            ArenaList.Append(arena, 3);
        }

        byte[] before = File.ReadAllBytes(file.Path);
        nuint granule = VmPlatform.Current.AllocationGranularity;
        nuint taken = address + (MaxByteCount / 2);
        VmPlatform.Current.Reserve(granule, Placement.At(taken), out _).ThrowIfRefused();
        Assert.Equal(PersistentArenaError.AddressTaken, Fail(file).Error);
        Assert.Equal(address, (nuint)Fail(file).Expected);
        Assert.Contains($"0x{address:x}", Fail(file).ToString(), StringComparison.Ordinal);
        VmPlatform.Current.Release(taken, granule).ThrowIfRefused();
        Assert.Equal(before, File.ReadAllBytes(file.Path));
        using PersistentArena again = Open(file);
        Assert.Equal(3, ArenaList.Verify(again));
        Assert.Equal(PersistentArenaError.AddressTaken, Fail(file).Error);
    }

    [Fact]
    public void It_is_made_where_it_is_told_to_be_or_not_at_all()
    {
        using TemporaryFile file = new();
        nuint address;
        using (PersistentArena first = Open(file))
        {
            address = first.BaseAddress;
        }

        using TemporaryFile other = new();
        PersistentArenaOptions options = new() { Path = other.Path, MaxByteCount = MaxByteCount, BaseAddress = address };
        using (PersistentArena second = PersistentArena.Open(options))
        {
            Assert.Equal(address, second.BaseAddress);
        }

        using TemporaryFile third = new();
        using PersistentArena holder = Open(file);
        Assert.False(PersistentArena.TryOpen(
            new() { Path = third.Path, MaxByteCount = MaxByteCount, BaseAddress = address }, out _, out PersistentArenaFailure failure));
        Assert.Equal(PersistentArenaError.AddressTaken, failure.Error);
        Assert.Throws<ArgumentException>(() => PersistentArena.Open(new() { Path = third.Path, BaseAddress = 4096 }));
        Assert.Throws<ArgumentException>(() => PersistentArena.Open(new() { Path = "" }));
        Assert.Throws<ArgumentOutOfRangeException>(() => PersistentArena.Open(new() { Path = third.Path, MaxByteCount = nuint.MaxValue }));
        using PersistentArena unhindered = Open(third);
        Assert.NotEqual(address, unhindered.BaseAddress);
    }

    [Fact]
    public void It_fills_grows_and_says_when_it_is_full()
    {
        using TemporaryFile file = new();
        using PersistentArena arena = Open(file, takesSpaceAhead: true);
        List<(nuint Address, nuint ByteCount)> blocks = [];
        Random random = new(11);
        nuint alignment;
        nuint byteCount;
        nuint block;
        do
        {
            alignment = (nuint)1 << random.Next(17);
            byteCount = (nuint)random.Next(1, 300_000);
            if (!arena.TryAllocate(byteCount, alignment, out block))
            {
                break;
            }

            Assert.Equal((nuint)0, block & (alignment - 1));
            Span<byte> bytes = new((void*)block, (int)byteCount);
            Assert.Equal(-1, bytes.IndexOfAnyExcept((byte)0));
            bytes.Fill((byte)blocks.Count);
            blocks.Add((block, byteCount));
        }
        while (true);

        Assert.Equal((nuint)0, block);
        Assert.Equal(PersistentArenaError.Full, Assert.Throws<PersistentArenaException>(() => arena.Allocate(byteCount, alignment)).Failure.Error);
        Assert.Throws<ArgumentOutOfRangeException>(() => arena.Allocate(0));
        Assert.Throws<ArgumentException>(() => arena.Allocate(1, 3));
        Assert.Throws<ArgumentException>(() => arena.Allocate(1, 128 * ObjectSystems.KiB));
        Assert.Throws<ArgumentOutOfRangeException>(() => arena.Root = arena.BaseAddress);
        Assert.True(arena.ByteCount - arena.UsedByteCount < 512 * ObjectSystems.KiB);
        for (int i = 0; i < blocks.Count; i++)
        {
            Assert.Equal(-1, new Span<byte>((void*)blocks[i].Address, (int)blocks[i].ByteCount).IndexOfAnyExcept((byte)i));
        }

        PersistentArenaStatistics statistics = arena.GetStatistics();
        Assert.Equal(MaxByteCount, statistics.ReservedByteCount);
        Assert.Equal((nuint)0, statistics.FlushedByteCount);
        arena.Flush();
        Assert.Equal(statistics.AllocatedByteCount, arena.GetStatistics().FlushedByteCount);
        Assert.Equal(0, ManagedAllocations.Of(() => _ = arena.TryAllocate(1, 1, out _) & arena.TryFlush(out _)));
        arena.Dispose();
        arena.Dispose();
        Assert.Throws<ObjectDisposedException>(() => arena.TryAllocate(1, 1, out _));
        Assert.Throws<ObjectDisposedException>(() => arena.TryFlush(out _));
    }

    [CapabilityFact(Needs.Placeholders | Needs.Posix)]
    public void In_a_map_it_takes_its_place_among_the_entries()
    {
        using TemporaryFile file = new();
        using VmMap map = new(new VmMapOptions { ByteCount = 2 * MaxByteCount });
        nuint address;
        using (PersistentArena arena = PersistentArena.Open(new() { Path = file.Path, MaxByteCount = MaxByteCount, Map = map }))
        {
            address = arena.BaseAddress;
            ArenaList.Append(arena, 100_000);
            map.Validate();
        }

        Assert.Equal((nuint)0, map.GetStatistics().EntryCount);
        Assert.Equal(VmResult.Success, map.FindFixed(address, map.PageSize, VmEntryAttributes.ReadWrite));
        PersistentArenaOptions again = new() { Path = file.Path, Map = map };
        Assert.False(PersistentArena.TryOpen(again, out _, out PersistentArenaFailure failure));
        Assert.Equal(PersistentArenaError.AddressTaken, failure.Error);
        map.Remove(address, map.PageSize).ThrowIfFailed();
        using PersistentArena opened = PersistentArena.Open(again);
        Assert.Equal(100_000, ArenaList.Verify(opened));
    }

    [CapabilityFact(Needs.Posix)]
    public void A_file_that_is_cut_off_while_it_is_open_is_noticed_before_it_kills()
    {
        using TemporaryFile file = new();
        using PersistentArena arena = Open(file);
        ArenaList.Append(arena, 10);
        arena.Flush();
        using (FileStream stream = new(file.Path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            stream.SetLength(70_000);
        }

        Assert.Equal(PersistentArenaError.Truncated, arena.CheckLength().Error);
        Assert.False(arena.TryFlush(out PersistentArenaFailure failure));
        Assert.Equal(PersistentArenaError.Truncated, failure.Error);
        Assert.False(arena.TryAllocate(8 * ObjectSystems.MiB, 1, out _));
        arena.Dispose();
        using (FileStream stream = new(file.Path, FileMode.Open, FileAccess.Write))
        {
            stream.SetLength(65_536);
        }

        Assert.Equal(PersistentArenaError.Truncated, Fail(file).Error);
    }

    internal static PersistentArena Open(TemporaryFile file, bool takesSpaceAhead = false) => PersistentArena.Open(
        new() { Path = file.Path, MaxByteCount = MaxByteCount, TakesSpaceAhead = takesSpaceAhead });

    private static PersistentArenaFailure Fail(TemporaryFile file)
    {
        Assert.False(PersistentArena.TryOpen(new() { Path = file.Path }, out PersistentArena? none, out PersistentArenaFailure failure));
        Assert.Null(none);
        return failure;
    }
}
