using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using NativeVm.Platform;
using NativeVm.Testing;
using NativeVm.Tests.Support;

namespace NativeVm.Tests.Arenas;

public sealed unsafe class LinearArenaTests
{
    private const nuint KiB = TestArenas.KiB;
    private const nuint MiB = TestArenas.MiB;

    [Fact]
    public void Allocations_lie_side_by_side_zeroed_and_stay_where_they_are()
    {
        using LinearArena arena = new(new LinearArenaOptions { ByteCount = 256 * MiB });
        nuint first = arena.Allocate(24);
        Assert.Equal(arena.BaseAddress, first);
        *(ulong*)first = 42;
        for (nuint i = 1; i < 1_000_000; i++)
        {
            nuint address = arena.Allocate(24);
            Assert.Equal(first + (i * 24), address);
            Assert.Equal(0ul, *(ulong*)address);
            *(ulong*)address = i;
        }

        Assert.Equal(42ul, *(ulong*)first);
        Assert.Equal((nuint)24_000_000, arena.AllocatedByteCount);
        Assert.Equal(999_999ul, *(ulong*)(first + (999_999 * 24)));
    }

    [Fact]
    public void Growth_to_a_gibibyte_takes_a_few_dozen_system_calls()
    {
        SimulatedPlatform simulated = new();
        using LinearArena arena = new(new LinearArenaOptions { ByteCount = 2048 * MiB, Platform = simulated, ZeroesMemory = false });
        long before = simulated.SystemCallCount;
        for (int i = 0; i < 16_384; i++)
        {
            arena.Allocate(64 * KiB);
        }

        Assert.InRange(simulated.SystemCallCount - before, 1, 60);
        LinearArenaStatistics statistics = arena.GetStatistics();
        Assert.Equal(1024 * MiB, statistics.AllocatedByteCount);
        Assert.Equal(simulated.CommittedByteCount, statistics.CommittedByteCount);
    }

    [Fact]
    public void Zero_bytes_are_an_address_that_is_used_again()
    {
        using LinearArena arena = new(new LinearArenaOptions { ByteCount = MiB });
        nuint nothing = arena.Allocate(0);
        Assert.NotEqual((nuint)0, nothing);
        Assert.Equal(nothing, arena.Allocate(0));
        Assert.Equal(nothing, arena.Allocate(1));
        Assert.Equal((nuint)0, arena.Allocate(0, 4096) % 4096);
        Assert.True(arena.AllocateSpan<long>(0).IsEmpty);
    }

    [Fact]
    public void Wrong_arguments_throw_and_change_nothing()
    {
        Assert.Throws<ArgumentNullException>(() => new LinearArena(null!));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LinearArena(new LinearArenaOptions { ByteCount = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LinearArena(new LinearArenaOptions { ByteCount = nuint.MaxValue }));
        using VmMap map = new(new VmMapOptions { ByteCount = MiB });
        Assert.Throws<ArgumentException>(() =>
            new LinearArena(new LinearArenaOptions { ByteCount = MiB, Map = map, Platform = new SimulatedPlatform() }));
        using LinearArena arena = new(new LinearArenaOptions { ByteCount = MiB });
        arena.Allocate(100);
        LinearArenaStatistics before = arena.GetStatistics();
        Assert.Throws<ArgumentOutOfRangeException>(() => arena.Allocate(8, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => arena.Allocate(8, 24));
        Assert.Throws<ArgumentOutOfRangeException>(() => arena.TryAllocate(8, 3, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => arena.AllocateSpan<int>(-1));
        Assert.Equal(before, arena.GetStatistics());
    }

    [Theory]
    [InlineData(ArenaChecks.None)]
    [InlineData(ArenaChecks.FillPatterns)]
    [InlineData(ArenaChecks.Guards)]
    public void Sizes_and_alignments_that_wrap_or_do_not_fit_are_refused_with_the_remedy(ArenaChecks checks)
    {
        using LinearArena arena = new(new LinearArenaOptions { ByteCount = MiB, Checks = checks });
        arena.Allocate(100);
        LinearArenaStatistics before = arena.GetStatistics();
        foreach (nuint byteCount in (nuint[])[nuint.MaxValue, nuint.MaxValue - 7, nuint.MaxValue - (nuint)100, nuint.MaxValue / 2, MiB, 2 * MiB])
        {
            Assert.False(arena.TryAllocate(byteCount, 8, out nuint address));
            Assert.Equal((nuint)0, address);
            Assert.False(arena.TryAllocate(byteCount, (nuint)1 << 63, out _));
            Assert.Contains("larger", Assert.Throws<InsufficientMemoryException>(() => arena.Allocate(byteCount)).Message, StringComparison.Ordinal);
            Assert.Throws<InsufficientMemoryException>(() => arena.Allocate(byteCount, 64));
        }

        Assert.False(arena.TryAllocate(1, (nuint)1 << 63, out _));
        Assert.Equal(before, arena.GetStatistics());
        Assert.NotEqual((nuint)0, arena.Allocate(100));
    }

    [Fact]
    public void A_limit_on_memory_is_honoured_and_named()
    {
        using LinearArena arena = new(new LinearArenaOptions { ByteCount = MiB, MemoryLimit = 70 * KiB });
        nuint page = arena.Map.PageSize;
        arena.Allocate(64 * KiB);
        Assert.False(arena.TryAllocate(8 * KiB, 1, out _));
        Assert.Contains("MemoryLimit", Assert.Throws<InsufficientMemoryException>(() => arena.Allocate(8 * KiB)).Message, StringComparison.Ordinal);
        Assert.InRange((ulong)arena.GetStatistics().CommittedByteCount, 0ul, (70 * KiB) & ~(page - 1));
        arena.Allocate(2 * KiB);
        arena.Reset();
        arena.Allocate(64 * KiB);
    }

    [Fact]
    public void Typed_allocations_are_aligned_zeroed_and_real()
    {
        using LinearArena arena = new(new LinearArenaOptions { ByteCount = MiB });
        arena.Allocate<byte>() = 7;
        ref Vector256<byte> vector = ref arena.Allocate<Vector256<byte>>();
        Assert.Equal((nuint)0, (nuint)Unsafe.AsPointer(ref vector) % 32);
        Assert.Equal(default, vector);
        Span<int> numbers = arena.AllocateSpan<int>(1000);
        Assert.Equal(-1, numbers.IndexOfAnyExcept(0));
        numbers.Fill(5);
        Span<int> copy = arena.AllocateCopy<int>(numbers);
        Assert.Equal(numbers, copy);
        Assert.False(Unsafe.AreSame(ref MemoryMarshal.GetReference(numbers), ref MemoryMarshal.GetReference(copy)));
    }

    [Fact]
    public void What_a_scope_allocated_is_given_up_and_reads_as_zeros_again()
    {
        using LinearArena arena = new(new LinearArenaOptions { ByteCount = MiB });
        arena.Allocate(100);
        nuint kept = arena.AllocatedByteCount;
        nuint inside;
        using (arena.EnterScope())
        {
            inside = arena.Allocate(5000);
            TestArenas.Bytes(inside, 5000).Fill(0xEE);
        }

        Assert.Equal(kept, arena.AllocatedByteCount);
        Assert.Equal(inside, arena.Allocate(5000));
        Assert.Equal(-1, TestArenas.Bytes(inside, 5000).IndexOfAnyExcept((byte)0));
    }

    [Fact]
    public void A_mark_that_is_still_in_use_stops_an_outer_rewind_and_a_reset()
    {
        using LinearArena arena = new(new LinearArenaOptions { ByteCount = MiB });
        ArenaScope outer = arena.EnterScope();
        nuint first = arena.Allocate(8);
        ArenaScope inner = arena.EnterScope();
        arena.Allocate(8);
        Assert.Equal((nuint)2, arena.GetStatistics().OpenScopeCount);
        try
        {
            outer.Dispose();
            Assert.Fail("The inner scope is open.");
        }
        catch (InvalidOperationException)
        {
            Assert.Equal((nuint)16, arena.AllocatedByteCount);
        }

        Assert.Throws<InvalidOperationException>(arena.Reset);
        Assert.Throws<InvalidOperationException>(() => arena.Reset(0));
        inner.Dispose();
        inner.Dispose();
        outer.Dispose();
        Assert.Equal(first, arena.Allocate(8));
    }

    [Fact]
    public void A_copy_of_a_scope_that_was_left_is_found_out()
    {
        using LinearArena arena = new(new LinearArenaOptions { ByteCount = MiB });
        ArenaScope scope = arena.EnterScope();
        ArenaScope copy = scope;
        scope.Dispose();
        ArenaScope later = arena.EnterScope();
        arena.Allocate(8);
        bool isFoundOut = false;
        try
        {
            copy.Dispose();
        }
        catch (InvalidOperationException)
        {
            isFoundOut = true;
        }

        Assert.True(isFoundOut);
        Assert.Equal((nuint)8, arena.AllocatedByteCount);
        later.Dispose();
    }

    [Fact]
    public void A_scope_outlives_its_arena_harmlessly()
    {
        LinearArena arena = new(new LinearArenaOptions { ByteCount = MiB });
        using ArenaScope scope = arena.EnterScope();
        arena.Allocate(8);
        arena.Dispose();
    }

    [Fact]
    public void After_disposal_everything_throws_but_a_second_disposal()
    {
        LinearArena arena = new(new LinearArenaOptions { ByteCount = MiB });
        arena.Allocate(8);
        arena.Dispose();
        arena.Dispose();
        Assert.Throws<ObjectDisposedException>(() => arena.Allocate(0));
        Assert.Throws<ObjectDisposedException>(() => arena.Allocate(8));
        Assert.Throws<ObjectDisposedException>(() => arena.Allocate(8, 64));
        Assert.Throws<ObjectDisposedException>(() => arena.Allocate<int>());
        Assert.Throws<ObjectDisposedException>(() => arena.TryAllocate(8, 8, out _));
        Assert.Throws<ObjectDisposedException>(arena.Reset);
        Assert.Throws<ObjectDisposedException>(() => arena.Trim());
        Assert.Throws<ObjectDisposedException>(() => arena.GetStatistics());
        Assert.Throws<ObjectDisposedException>(() => arena.EnterScope().Dispose());
        Assert.Throws<ObjectDisposedException>(arena.CheckRedZones);
    }

    [Fact]
    public void A_reset_that_keeps_pages_asks_nothing_of_the_system_and_one_that_gives_back_does()
    {
        FaultInjectingPlatform counting = new(VmPlatform.Current);
        using LinearArena arena = new(new LinearArenaOptions { ByteCount = 16 * MiB, Platform = counting });
        TestArenas.Bytes(arena.Allocate(8 * MiB), 8 * MiB).Fill(1);
        Assert.Equal(8 * MiB, TestArenas.ResidentByteCount(arena.BaseAddress, 8 * MiB));
        counting.Arm(FaultPlan.None);
        arena.Reset();
        Assert.Equal(0, counting.CallCount);
        Assert.Equal(8 * MiB, TestArenas.ResidentByteCount(arena.BaseAddress, 8 * MiB));
        Assert.Equal(VmResult.Success, arena.Reset(MiB));
        Assert.Equal(MiB, arena.GetStatistics().CommittedByteCount);
        Assert.True(TestArenas.IsCommitted(arena.BaseAddress + MiB - 1));
        Assert.False(TestArenas.IsCommitted(arena.BaseAddress + MiB));
        nuint again = arena.Allocate(8 * MiB);
        Assert.Equal(-1, TestArenas.Bytes(again, 8 * MiB).IndexOfAnyExcept((byte)0));
        Assert.Equal(8 * MiB, arena.GetStatistics().PeakByteCount);
    }

    [Fact]
    public void A_map_that_is_given_gets_the_range_back_and_can_go_first()
    {
        using VmMap map = new(new VmMapOptions { ByteCount = 4 * MiB });
        LinearArena first = new(new LinearArenaOptions { ByteCount = MiB, Map = map });
        LinearArena second = new(new LinearArenaOptions { ByteCount = MiB, Map = map });
        first.Allocate(100);
        second.Allocate(100 * KiB);
        Assert.Equal(2 * MiB, map.GetStatistics().MappedByteCount);
        first.Dispose();
        Assert.Equal(MiB, map.GetStatistics().MappedByteCount);
        Assert.Throws<VmMapException>(() => new LinearArena(new LinearArenaOptions { ByteCount = 8 * MiB, Map = map }));
        map.Validate();
        map.Dispose();
        second.Dispose();
    }

    [Fact]
    public void Red_zones_find_an_overrun_name_it_once_and_leave_the_arena_usable()
    {
        using LinearArena arena = new(new LinearArenaOptions { ByteCount = MiB, Checks = ArenaChecks.FillPatterns, ZeroesMemory = false });
        arena.Allocate(10);
        nuint address = arena.Allocate(20);
        Assert.Equal(-1, TestArenas.Bytes(address, 20).IndexOfAnyExcept(LinearArena.FreshByte));
        arena.Allocate(30);
        arena.CheckRedZones();
        *(byte*)(address + 22) = 1;
        InvalidOperationException found = Assert.Throws<InvalidOperationException>(arena.Reset);
        Assert.Contains("2 bytes past the end of the 20 bytes", found.Message, StringComparison.Ordinal);
        arena.Reset();
        Assert.Equal(-1, TestArenas.Bytes(address, 20).IndexOfAnyExcept(LinearArena.GivenUpByte));
        arena.Allocate(10);
    }

    [Fact]
    public void With_guards_an_allocation_ends_where_its_pages_end_and_a_rewind_takes_the_pages()
    {
        using LinearArena arena = new(new LinearArenaOptions { ByteCount = MiB, Checks = ArenaChecks.Guards });
        nuint page = arena.Map.PageSize;
        nuint address = arena.Allocate(24);
        Assert.Equal((nuint)0, (address + 24) % page);
        Assert.False(TestArenas.IsCommitted(address + 24));
        nuint other;
        using (arena.EnterScope())
        {
            other = arena.Allocate(page + 8);
            Assert.Equal(3 * page, arena.GetStatistics().CommittedByteCount);
        }

        Assert.False(TestArenas.IsCommitted(other));
        Assert.Equal(page, arena.GetStatistics().CommittedByteCount);
        Assert.Equal(other, arena.Allocate(page + 8));
    }

    [Fact]
    public void No_operation_allocates_on_the_managed_heap()
    {
        using LinearArena arena = new(new LinearArenaOptions { ByteCount = 16 * MiB });
        Assert.Equal(0, ManagedAllocations.Of(() =>
        {
            for (int i = 0; i < 1000; i++)
            {
                using ArenaScope scope = arena.EnterScope();
                arena.Allocate(24);
                arena.Allocate(100, 64);
                arena.AllocateSpan<int>(5000)[4999] = 1;
                arena.Allocate<long>() = 7;
                arena.TryAllocate(10, 1, out _);
            }

            arena.Reset(64 * KiB);
            arena.Allocate(MiB);
            arena.Reset();
        }));
    }
}
