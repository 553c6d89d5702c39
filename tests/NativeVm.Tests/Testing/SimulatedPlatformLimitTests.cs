using NativeVm.Platform;
using NativeVm.Testing;

namespace NativeVm.Tests.Testing;

/// <summary>Limits refuse as the system does, with its error number, and a refusal changes nothing.</summary>
public sealed class SimulatedPlatformLimitTests
{
    private const nuint Page = 4096;
    private const int TryAgain = 11;
    private const int NoMemory = 12;

    [Fact]
    public void The_address_space_limit_counts_reserved_and_foreign_bytes()
    {
        SimulatedPlatform platform = new(new SimulatedPlatformOptions { AddressSpaceLimitByteCount = 10 * Page });
        platform.PlaceForeign(0x10_0000, 4 * Page);
        Reserve(platform, 5 * Page, Placement.Anywhere).ThrowIfRefused();
        Refused(
            platform,
            RefusalReason.AddressSpaceLimit,
            NoMemory,
            () => Reserve(platform, 2 * Page, Placement.Anywhere));
        Reserve(platform, Page, Placement.Anywhere).ThrowIfRefused();
        platform.RemoveForeign(0x10_0000, 4 * Page);
        Reserve(platform, 4 * Page, Placement.Anywhere).ThrowIfRefused();
    }

    [Fact]
    public void The_commit_limit_counts_committed_pages_once()
    {
        SimulatedPlatform platform = new(new SimulatedPlatformOptions { CommitLimitByteCount = 4 * Page });
        nuint address = ReserveAnywhere(platform, 16 * Page);
        platform.Commit(address, 3 * Page, PageProtection.ReadWrite).ThrowIfRefused();
        platform.Commit(address + Page, 3 * Page, PageProtection.Read).ThrowIfRefused();
        Refused(
            platform,
            RefusalReason.OutOfMemory,
            NoMemory,
            () => platform.Commit(address + (2 * Page), 3 * Page, PageProtection.ReadWrite));
        platform.Purge(address, 4 * Page).ThrowIfRefused();
        platform.Decommit(address, Page).ThrowIfRefused();
        platform.Commit(address + (8 * Page), Page, PageProtection.ReadWrite).ThrowIfRefused();
        Assert.Equal(4 * Page, platform.CommittedByteCount);
    }

    [Fact]
    public void The_lock_limit_counts_locked_pages_once()
    {
        SimulatedPlatform platform = new(new SimulatedPlatformOptions { LockLimitByteCount = 2 * Page });
        nuint address = ReserveAnywhere(platform, 16 * Page);
        platform.Commit(address, 8 * Page, PageProtection.ReadWrite).ThrowIfRefused();
        platform.Lock(address, 2 * Page).ThrowIfRefused();
        platform.Lock(address, 2 * Page).ThrowIfRefused();
        Refused(platform, RefusalReason.LockLimit, NoMemory, () => platform.Lock(address + Page, 2 * Page));
        platform.Unlock(address, 8 * Page).ThrowIfRefused();
        platform.Lock(address + Page, 2 * Page).ThrowIfRefused();
        Assert.Equal(2 * Page, platform.LockedByteCount);
    }

    [Fact]
    public void Locked_pages_are_resident_are_not_purged_and_lose_the_lock_with_their_memory()
    {
        SimulatedPlatform platform = new();
        nuint address = ReserveAnywhere(platform, 4 * Page);
        platform.Commit(address, 4 * Page, PageProtection.ReadWrite).ThrowIfRefused();
        platform.Lock(address, 2 * Page).ThrowIfRefused();
        Assert.Equal(2 * Page, platform.ResidentByteCount);
        Refused(platform, RefusalReason.InvalidRange, 22, () => platform.Purge(address + Page, 2 * Page));
        Refused(platform, RefusalReason.InvalidRange, 22, () => platform.Advise(address, Page, PageAdvice.Free));
        platform.Protect(address + (2 * Page), Page, PageProtection.None).ThrowIfRefused();
        Refused(platform, RefusalReason.InvalidRange, NoMemory, () => platform.Lock(address + (2 * Page), Page));
        platform.Decommit(address, 4 * Page).ThrowIfRefused();
        Assert.Equal(0u, platform.LockedByteCount);
        Assert.Equal(0u, platform.ResidentByteCount);
    }

    [Fact]
    public void At_the_mapping_limit_only_what_adds_mappings_is_refused()
    {
        SimulatedPlatform platform = new(new SimulatedPlatformOptions { MappingLimit = 3 });
        nuint address = ReserveAnywhere(platform, 16 * Page);
        platform.Commit(address + (4 * Page), 8 * Page, PageProtection.ReadWrite).ThrowIfRefused();
        Assert.Equal(3u, platform.MappingCount);

        Refused(
            platform,
            RefusalReason.MappingLimit,
            NoMemory,
            () => platform.Commit(address + (14 * Page), Page, PageProtection.ReadWrite));
        Refused(
            platform,
            RefusalReason.MappingLimit,
            NoMemory,
            () => platform.Protect(address + (6 * Page), Page, PageProtection.Read));
        Refused(
            platform,
            RefusalReason.MappingLimit,
            TryAgain,
            () => platform.Advise(address + (6 * Page), Page, PageAdvice.HugePages));
        Refused(platform, RefusalReason.MappingLimit, NoMemory, () => platform.Decommit(address + (6 * Page), Page));
        Refused(
            platform,
            RefusalReason.MappingLimit,
            NoMemory,
            () => Reserve(platform, Page, Placement.At(address + (20 * Page))));

        platform.Commit(address + (12 * Page), Page, PageProtection.ReadWrite).ThrowIfRefused();
        platform.Purge(address + (6 * Page), Page).ThrowIfRefused();
        platform.Touch(address + (6 * Page), Page);
        Reserve(platform, Page, Placement.At(address + (16 * Page))).ThrowIfRefused();
        platform.Decommit(address + (4 * Page), 9 * Page).ThrowIfRefused();
        Assert.Equal(1u, platform.MappingCount);
    }

    [Fact]
    public void At_the_mapping_limit_a_reservation_in_the_middle_of_others_cannot_be_released()
    {
        SimulatedPlatform platform = new(new SimulatedPlatformOptions { MappingLimit = 1 });
        for (nuint i = 0; i < 3; i++)
        {
            Reserve(platform, 4 * Page, Placement.At(0x10_0000 + (i * 4 * Page))).ThrowIfRefused();
        }

        Refused(platform, RefusalReason.MappingLimit, NoMemory, () => platform.Release(0x10_4000, 4 * Page));
        Assert.Equal(3, platform.ReservationCount);
        platform.Release(0x10_0000, 4 * Page).ThrowIfRefused();
        platform.Release(0x10_4000, 4 * Page).ThrowIfRefused();
    }

    [Fact]
    public void Windows_like_refusals_carry_Win32_numbers()
    {
        SimulatedPlatform platform = new(SimulatedPlatformOptions.WindowsLike with { CommitLimitByteCount = Page });
        nuint address = ReserveAnywhere(platform, 1 << 20);
        SystemReply reply = platform.Commit(address, 2 * Page, PageProtection.ReadWrite);
        Assert.Equal(
            (RefusalReason.OutOfMemory, ErrorDomain.Win32, 1455), (reply.Reason, reply.Domain, reply.ErrorNumber));
        reply = Reserve(platform, Page, Placement.At(address));
        Assert.Equal(
            (RefusalReason.AddressInUse, ErrorDomain.Win32, 487), (reply.Reason, reply.Domain, reply.ErrorNumber));
        Assert.False(platform.Supports(PageAdvice.HugePages));
        Assert.Equal(RefusalReason.NotSupported, platform.Advise(address, Page, PageAdvice.HugePages).Reason);
    }

    private static SystemReply Reserve(SimulatedPlatform platform, nuint byteCount, Placement placement) =>
        platform.Reserve(byteCount, placement, out _);

    private static nuint ReserveAnywhere(SimulatedPlatform platform, nuint byteCount)
    {
        platform.Reserve(byteCount, Placement.Anywhere, out nuint address).ThrowIfRefused();
        return address;
    }

    private static void Refused(SimulatedPlatform platform, RefusalReason reason, int errno, Func<SystemReply> call)
    {
        IReadOnlyList<SimulatedRange> before = platform.Snapshot();
        SystemReply reply = call();
        Assert.Equal((reason, ErrorDomain.Errno, errno), (reply.Reason, reply.Domain, reply.ErrorNumber));
        Assert.Equal(before, platform.Snapshot());
    }
}
