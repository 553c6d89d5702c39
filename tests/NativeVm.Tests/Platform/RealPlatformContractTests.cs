using NativeVm.Platform;
using NativeVm.Tests.Support;

namespace NativeVm.Tests.Platform;

/// <summary>What a platform with real memory promises beyond <see cref="PlatformContractTests"/>: what is in the pages.</summary>
public abstract partial class RealPlatformContractTests : PlatformContractTests
{
    [CapabilityFact]
    public void Committed_memory_is_zeroed_and_keeps_what_is_written()
    {
        using PlatformRange range = PlatformRange.Commit(Subject, 64 * Granule);
        Assert.False(range.Bytes().ContainsAnyExcept((byte)0));
        range.Bytes().Fill(0xA5);
        Succeed(Subject.Commit(range.Address, range.ByteCount, PageProtection.ReadWrite));
        Assert.False(range.Bytes().ContainsAnyExcept((byte)0xA5));
    }

    [CapabilityFact]
    public void A_refused_exact_place_leaves_the_contents_there_unharmed()
    {
        using PlatformRange range = PlatformRange.Commit(Subject, 16 * Granule);
        range.Bytes().Fill(0x5A);
        Assert.Equal(
            RefusalReason.AddressInUse, Subject.Reserve(8 * Granule, Placement.At(range.Address + (4 * Granule)), out _).Reason);
        Assert.Equal(
            RefusalReason.NoAddressSpace, Subject.Reserve(Granule, Placement.Between(range.Address, range.End), out _).Reason);
        Assert.False(range.Bytes().ContainsAnyExcept((byte)0x5A));
    }

    [CapabilityFact]
    public void Decommitted_pages_leave_the_resident_set_and_come_back_as_zeros()
    {
        using PlatformRange range = PlatformRange.Commit(Subject, 64 * Granule);
        range.Bytes().Fill(1);
        Assert.Equal(range.ByteCount, Resident(range));

        Succeed(Subject.Decommit(range.Address + (16 * Granule), 32 * Granule));
        Assert.Equal(32 * Granule, Resident(range));
        Succeed(Subject.Commit(range.Address + (16 * Granule), 32 * Granule, PageProtection.ReadWrite));
        Assert.False(range.Bytes(16 * Granule, 32 * Granule).ContainsAnyExcept((byte)0));
        Assert.False(range.Bytes(0, 16 * Granule).ContainsAnyExcept((byte)1));
        Assert.False(range.Bytes(48 * Granule, 16 * Granule).ContainsAnyExcept((byte)1));
    }

    [CapabilityFact]
    public void Purged_pages_leave_the_resident_set_and_can_be_written_at_once()
    {
        using PlatformRange range = PlatformRange.Commit(Subject, 64 * Granule);
        range.Bytes().Fill(1);
        Succeed(Subject.Purge(range.Address + (16 * Granule), 32 * Granule));
        if (Subject.Supports(PlatformCapabilities.PurgeReadsZero))
        {
            Assert.Equal(32 * Granule, Resident(range));
            Assert.False(range.Bytes(16 * Granule, 32 * Granule).ContainsAnyExcept((byte)0));
        }

        range.Bytes().Fill(2);
        Assert.False(range.Bytes().ContainsAnyExcept((byte)2));
    }

    [CapabilityFact]
    public void A_protection_keeps_the_contents()
    {
        using PlatformRange range = PlatformRange.Commit(Subject, 4 * Granule);
        range.Bytes().Fill(3);
        Succeed(Subject.Protect(range.Address, range.ByteCount, PageProtection.None));
        Succeed(Subject.Protect(range.Address, range.ByteCount, PageProtection.Read));
        Assert.False(range.Bytes().ContainsAnyExcept((byte)3));
        Succeed(Subject.Protect(range.Address, range.ByteCount, PageProtection.ReadWrite));
        range.Bytes().Fill(4);
    }

    [CapabilityFact]
    public void A_released_tail_is_gone_and_the_rest_keeps_its_contents()
    {
        if (!Subject.Supports(PlatformCapabilities.ReleaseTail))
        {
            return;
        }

        using PlatformRange range = PlatformRange.Commit(Subject, 16 * Granule);
        range.Bytes().Fill(5);
        Succeed(Subject.ReleaseTail(range.Address, 16 * Granule, 6 * Granule));
        range.Keep(6 * Granule);
        Assert.False(range.Bytes().ContainsAnyExcept((byte)5));
    }

    [CapabilityFact]
    public void Prefault_makes_every_page_resident_and_changes_none()
    {
        using PlatformRange range = PlatformRange.Commit(Subject, 64 * Granule);
        range.Bytes(3 * Granule, Granule).Fill(6);
        Succeed(Subject.Prefault(range.Address, range.ByteCount));
        Assert.Equal(range.ByteCount, Resident(range));
        Assert.False(range.Bytes(3 * Granule, Granule).ContainsAnyExcept((byte)6));
        Assert.False(range.Bytes(0, 3 * Granule).ContainsAnyExcept((byte)0));
    }

    [CapabilityFact]
    public void Locked_pages_are_resident_and_can_be_decommitted()
    {
        using PlatformRange range = PlatformRange.Commit(Subject, 4 * Granule);
        Succeed(Subject.Lock(range.Address, 2 * Granule));
        Assert.Equal(2 * Granule, Resident(range));
        Succeed(Subject.Decommit(range.Address, 4 * Granule));
        Assert.Equal(0u, Resident(range));
    }

    [CapabilityFact]
    public void Resident_bytes_are_counted_by_the_page_over_any_length()
    {
        nuint byteCount = 5000 * Page;
        byteCount = (byteCount + Granule - 1) & ~(Granule - 1);
        using PlatformRange range = PlatformRange.Commit(Subject, byteCount);
        nuint touched = 0;
        for (nuint offset = 0; offset < byteCount; offset += 7 * Page)
        {
            range.Bytes(offset, 1)[0] = 1;
            touched += Page;
        }

        Assert.Equal(touched, Resident(range));
    }

    [CapabilityFact]
    public void Large_reservations_add_nothing_to_the_resident_set()
    {
        Succeed(Subject.QueryProcess(out ProcessMemory before));
        using PlatformRange range = PlatformRange.Reserve(Subject, LargestReservation);
        nuint middle = LargestReservation / 2;
        Succeed(Subject.Commit(range.Address + middle, Granule, PageProtection.ReadWrite));
        range.Bytes(middle, 1)[0] = 1;
        Succeed(Subject.QueryResident(range.Address + middle, Granule, out nuint resident));
        Assert.Equal(Page, resident);
        Assert.True(before.ResidentByteCount > 0);
    }

    [CapabilityFact]
    public void The_figures_of_the_process_are_plausible_and_follow_what_is_done()
    {
        Succeed(Subject.QueryProcess(out ProcessMemory before));
        Assert.True(before.ResidentByteCount > MiB);
        Assert.True(before.PeakResidentByteCount >= before.ResidentByteCount);
        using PlatformRange range = PlatformRange.Commit(Subject, 64 * MiB);
        if (Subject.Supports(PageAdvice.NoHugePages))
        {
            Succeed(Subject.Advise(range.Address, range.ByteCount, PageAdvice.NoHugePages));
        }

        range.Bytes().Fill(1);
        Succeed(Subject.QueryProcess(out ProcessMemory after));
        Assert.True(after.PeakResidentByteCount >= 64 * MiB);

        // Wine does not count them.
        Assert.True(
            after.PageFaultCount - before.PageFaultCount >= 64 * MiB / Page / 2
            || (Wine.IsHere && after.PageFaultCount == 0));
    }

    [CapabilityFact]
    public void Operations_outside_a_reservation_are_refused_as_invalid()
    {
        PlatformRange range = PlatformRange.Reserve(Subject, 4 * Granule, Placement.Aligned(GiB));
        nuint address = range.Address;
        range.Dispose();
        foreach (SystemReply reply in new[]
        {
            Subject.Commit(address, Granule, PageProtection.ReadWrite),
            Subject.Lock(address, Granule),
            Subject.QueryResident(address, Granule, out _),
        })
        {
            Assert.Equal(RefusalReason.InvalidRange, reply.Reason);
            Assert.Equal(address, reply.Address);
            Assert.Equal(Granule, reply.ByteCount);
        }
    }

    private protected nuint Resident(PlatformRange range)
    {
        Succeed(Subject.QueryResident(range.Address, range.ByteCount, out nuint resident));
        return resident;
    }
}
