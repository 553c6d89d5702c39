using NativeVm.Platform;
using NativeVm.Testing;

namespace NativeVm.Tests.Testing;

/// <summary>Each misuse throws, says what is wrong, and changes nothing.</summary>
public sealed class SimulatedPlatformLawTests
{
    private const nuint Page = 4096;

    private readonly SimulatedPlatform _platform = new();

    public static TheoryData<SystemOperation> OperationsOnPages => new(
        SystemOperation.Commit,
        SystemOperation.Decommit,
        SystemOperation.Purge,
        SystemOperation.Protect,
        SystemOperation.Advise,
        SystemOperation.Prefault,
        SystemOperation.Lock,
        SystemOperation.Unlock);

    public static TheoryData<SystemOperation> OperationsOnCommittedPages => new(
        SystemOperation.Purge,
        SystemOperation.Protect,
        SystemOperation.Prefault,
        SystemOperation.Lock,
        SystemOperation.Unlock);

    [Theory]
    [MemberData(nameof(OperationsOnPages))]
    public void A_call_on_addresses_that_belong_to_nobody_throws(SystemOperation operation) =>
        Unlawful(_platform, operation, 0x10_0000, Page, "belong to nobody");

    [Theory]
    [MemberData(nameof(OperationsOnPages))]
    public void A_call_on_a_foreign_mapping_throws(SystemOperation operation)
    {
        _platform.PlaceForeign(0x10_0000, 4 * Page);
        Unlawful(_platform, operation, 0x10_0000, Page, "foreign mapping");
    }

    [Theory]
    [MemberData(nameof(OperationsOnPages))]
    public void A_call_that_leaves_its_reservation_throws(SystemOperation operation)
    {
        nuint address = Reserve(_platform, 4 * Page, Placement.Anywhere);
        Commit(_platform, address, 4 * Page);
        Unlawful(_platform, operation, address + (3 * Page), 2 * Page, "belong to nobody");
    }

    [Theory]
    [MemberData(nameof(OperationsOnPages))]
    public void A_call_above_the_address_space_throws(SystemOperation operation)
    {
        Unlawful(_platform, operation, _platform.HighestAddress, Page, "address space ends");
        Unlawful(_platform, operation, _platform.HighestAddress - Page, 2 * Page, "address space ends");
        Unlawful(_platform, operation, nuint.MaxValue - Page + 1, Page, "address space ends");
    }

    [Theory]
    [MemberData(nameof(OperationsOnCommittedPages))]
    public void A_call_that_needs_committed_pages_throws_on_reserved_ones(SystemOperation operation)
    {
        nuint address = Reserve(_platform, 4 * Page, Placement.Anywhere);
        Commit(_platform, address, 2 * Page);
        Unlawful(_platform, operation, address + Page, 2 * Page, "not committed");
    }

    [Theory]
    [InlineData(PageAdvice.Free)]
    [InlineData(PageAdvice.WillNeed)]
    [InlineData(PageAdvice.CollapseHugePages)]
    public void Advice_about_contents_throws_on_reserved_pages(PageAdvice advice)
    {
        nuint address = Reserve(_platform, 4 * Page, Placement.Anywhere);
        Assert.Throws<UnlawfulUseException>(() => _platform.Advise(address, Page, advice));
        Assert.True(_platform.Advise(address, Page, PageAdvice.HugePages).IsSuccess);
    }

    [Theory]
    [MemberData(nameof(OperationsOnPages))]
    public void A_call_across_reservations_throws_where_the_system_forbids_it(SystemOperation operation)
    {
        const nuint Unit = 64 << 10;
        SimulatedPlatform windows = new(SimulatedPlatformOptions.WindowsLike);
        nuint first = Reserve(windows, Unit, Placement.At(0x10_0000));
        nuint second = Reserve(windows, Unit, Placement.At(0x10_0000 + Unit));
        Commit(windows, first, Unit);
        Commit(windows, second, Unit);
        Unlawful(windows, operation, second - Page, 2 * Page, "spans the end of a reservation");

        nuint third = Reserve(_platform, Unit, Placement.At(0x10_0000));
        nuint fourth = Reserve(_platform, Unit, Placement.At(0x10_0000 + Unit));
        Commit(_platform, third, 2 * Unit);
        Assert.True(Call(_platform, operation, fourth - Page, 2 * Page).IsSuccess);
    }

    [Fact]
    public void A_second_release_throws()
    {
        nuint address = Reserve(_platform, 4 * Page, Placement.Anywhere);
        Assert.True(_platform.Release(address, 4 * Page).IsSuccess);
        Unlawful(_platform, SystemOperation.Release, address, 4 * Page, "belong to nobody");
    }

    [Fact]
    public void A_release_of_what_is_not_a_whole_reservation_throws()
    {
        nuint address = Reserve(_platform, 4 * Page, Placement.Anywhere);
        Unlawful(_platform, SystemOperation.Release, address, 3 * Page, "goes on to");
        Unlawful(_platform, SystemOperation.Release, address + Page, 3 * Page, "starts below it");
        Unlawful(_platform, SystemOperation.Release, address, 5 * Page, "belong to nobody");
        Assert.True(_platform.Release(address, 4 * Page).IsSuccess);
    }

    [Fact]
    public void Neighbouring_reservations_are_released_together_only_where_the_system_can()
    {
        foreach (SimulatedPlatformOptions profile in new[]
        {
            SimulatedPlatformOptions.PosixLike, SimulatedPlatformOptions.WindowsLike,
        })
        {
            const nuint Unit = 64 << 10;
            SimulatedPlatform platform = new(profile);
            nuint address = Reserve(platform, Unit, Placement.At(0x10_0000));
            Reserve(platform, Unit, Placement.At(0x10_0000 + Unit));
            if (platform.Supports(PlatformCapabilities.RangesSpanReservations))
            {
                Assert.True(platform.Release(address, 2 * Unit).IsSuccess);
                Assert.Equal(0, platform.ReservationCount);
            }
            else
            {
                Unlawful(platform, SystemOperation.Release, address, 2 * Unit, "spans the end");
            }
        }
    }

    [Fact]
    public void After_the_release_of_a_tail_the_lower_part_is_the_whole_reservation()
    {
        nuint address = Reserve(_platform, 8 * Page, Placement.Anywhere);
        Commit(_platform, address, 8 * Page);
        Assert.True(_platform.ReleaseTail(address, 8 * Page, 3 * Page).IsSuccess);
        Assert.Equal(3 * Page, _platform.ReservedByteCount);
        Assert.Equal(3 * Page, _platform.CommittedByteCount);
        Unlawful(_platform, SystemOperation.Commit, address + (3 * Page), Page, "belong to nobody");
        Assert.Throws<UnlawfulUseException>(() => _platform.ReleaseTail(address, 8 * Page, 2 * Page));
        Assert.Throws<UnlawfulUseException>(() => _platform.ReleaseTail(address + Page, 2 * Page, Page));
        Assert.True(_platform.Release(address, 3 * Page).IsSuccess);
        Assert.Empty(_platform.Snapshot());
    }

    [Fact]
    public void A_tail_may_hold_whole_reservations_and_cut_one()
    {
        nuint address = Reserve(_platform, 4 * Page, Placement.At(0x10_0000));
        Reserve(_platform, 4 * Page, Placement.At(0x10_4000));
        Reserve(_platform, 4 * Page, Placement.At(0x10_8000));
        Assert.True(_platform.ReleaseTail(address, 12 * Page, 6 * Page).IsSuccess);
        Assert.Equal(2, _platform.ReservationCount);
        Assert.Equal(6 * Page, _platform.ReservedByteCount);
        Assert.True(_platform.Release(0x10_4000, 2 * Page).IsSuccess);
        Assert.True(_platform.Release(address, 4 * Page).IsSuccess);
    }

    [Fact]
    public void Where_tails_cannot_be_released_the_call_is_refused_and_nothing_changes()
    {
        SimulatedPlatform windows = new(SimulatedPlatformOptions.WindowsLike);
        nuint address = Reserve(windows, 1 << 20, Placement.Anywhere);
        SystemReply reply = windows.ReleaseTail(address, 1 << 20, 64 << 10);
        Assert.Equal(RefusalReason.NotSupported, reply.Reason);
        Assert.Equal(ErrorDomain.Win32, reply.Domain);
        Assert.Equal((nuint)1 << 20, windows.ReservedByteCount);
    }

    [Theory]
    [InlineData(PageProtection.None, PageProtection.Read)]
    [InlineData(PageProtection.Read, PageProtection.Write)]
    [InlineData(PageProtection.ReadExecute, PageProtection.Write)]
    [InlineData(PageProtection.ReadWrite, PageProtection.Execute)]
    public void An_access_that_would_fault_throws(PageProtection protection, PageProtection access)
    {
        nuint address = Reserve(_platform, 4 * Page, Placement.Anywhere);
        Assert.Throws<UnlawfulUseException>(() => _platform.Touch(address, 1, access));
        Commit(_platform, address, 4 * Page);
        Assert.True(_platform.Protect(address + Page, Page, protection).IsSuccess);
        _platform.Touch(address, Page);
        UnlawfulUseException thrown = Assert.Throws<UnlawfulUseException>(
            () => _platform.Touch(address + Page - 1, 2, access));
        Assert.Equal(SystemOperation.None, thrown.Operation);
        Assert.Equal(Page, _platform.ResidentByteCount);
    }

    [Fact]
    public void Prefault_throws_on_pages_that_are_not_writable()
    {
        nuint address = Reserve(_platform, 4 * Page, Placement.Anywhere);
        Commit(_platform, address, 4 * Page);
        _platform.Protect(address + Page, Page, PageProtection.Read);
        Unlawful(_platform, SystemOperation.Prefault, address, 2 * Page, "not writable");
    }

    [Fact]
    public void The_message_names_the_call_the_range_and_what_is_there()
    {
        nuint address = Reserve(_platform, 4 * Page, Placement.At(0x20_0000));
        Commit(_platform, address, Page);
        UnlawfulUseException thrown = Assert.Throws<UnlawfulUseException>(
            () => _platform.Protect(address, 8 * Page, PageProtection.Read));
        Assert.Equal(SystemOperation.Protect, thrown.Operation);
        Assert.Equal(address, thrown.Address);
        Assert.Equal(8 * Page, thrown.ByteCount);
        Assert.Contains("Protect of 32,768 bytes at 0x200000 is unlawful", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("[0x200000, 0x201000) committed ReadWrite", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("[0x201000, 0x204000) reserved", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("free", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Foreign_mappings_lie_in_free_space_and_only_they_are_removed()
    {
        nuint address = Reserve(_platform, 4 * Page, Placement.At(0x10_0000));
        Assert.Throws<ArgumentException>(() => _platform.PlaceForeign(address + (3 * Page), 2 * Page));
        Assert.Throws<ArgumentException>(() => _platform.RemoveForeign(address, Page));
        Assert.Throws<ArgumentException>(() => _platform.PlaceForeign(address + 1, Page));
        Assert.Throws<ArgumentException>(() => _platform.PlaceForeign(_platform.HighestAddress, Page));
        Assert.Throws<ArgumentOutOfRangeException>(() => _platform.PlaceForeign(address, 0));
        _platform.PlaceForeign(0, Page);
        _platform.PlaceForeign(address + (4 * Page), 4 * Page);
        _platform.RemoveForeign(address + (5 * Page), Page);
        Assert.Equal(4 * Page, _platform.ForeignByteCount);
        Assert.Equal(4u, _platform.MappingCount);
    }

    private static nuint Reserve(SimulatedPlatform platform, nuint byteCount, Placement placement)
    {
        platform.Reserve(byteCount, placement, out nuint address).ThrowIfRefused();
        return address;
    }

    private static void Commit(SimulatedPlatform platform, nuint address, nuint byteCount) =>
        platform.Commit(address, byteCount, PageProtection.ReadWrite).ThrowIfRefused();

    private static void Unlawful(
        SimulatedPlatform platform, SystemOperation operation, nuint address, nuint byteCount, string words)
    {
        IReadOnlyList<SimulatedRange> before = platform.Snapshot();
        long calls = platform.SystemCallCount;
        UnlawfulUseException thrown = Assert.Throws<UnlawfulUseException>(
            () => Call(platform, operation, address, byteCount));
        Assert.Contains(words, thrown.Message, StringComparison.Ordinal);
        Assert.Equal(operation, thrown.Operation);
        Assert.Equal(before, platform.Snapshot());
        Assert.Equal(calls, platform.SystemCallCount);
    }

    private static SystemReply Call(
        SimulatedPlatform platform, SystemOperation operation, nuint address, nuint byteCount) => operation switch
        {
            SystemOperation.Release => platform.Release(address, byteCount),
            SystemOperation.Commit => platform.Commit(address, byteCount, PageProtection.ReadWrite),
            SystemOperation.Decommit => platform.Decommit(address, byteCount),
            SystemOperation.Purge => platform.Purge(address, byteCount),
            SystemOperation.Protect => platform.Protect(address, byteCount, PageProtection.Read),
            SystemOperation.Advise => platform.Advise(address, byteCount, PageAdvice.WillNeed),
            SystemOperation.Prefault => platform.Prefault(address, byteCount),
            SystemOperation.Lock => platform.Lock(address, byteCount),
            SystemOperation.Unlock => platform.Unlock(address, byteCount),
            _ => throw new ArgumentOutOfRangeException(nameof(operation)),
        };
}
