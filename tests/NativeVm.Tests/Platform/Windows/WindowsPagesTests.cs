using NativeVm.Platform;
using NativeVm.Tests.Support;

namespace NativeVm.Tests.Platform.Windows;

public class WindowsPagesTests
{
    private const nuint Granule = 65536;

    private static VmPlatform Platform => VmPlatform.Current;

    [WindowsFact]
    public void Memory_is_zeroed_when_committed_and_when_committed_again()
    {
        using Reservation range = new(16 * Granule);
        for (int i = 0; i < 3; i++)
        {
            _ = range.Commit();
            Assert.Equal(-1, range.Bytes.IndexOfAnyExcept((byte)0));
            range.Bytes.Fill(0xCD);
            Assert.Equal(range.ByteCount, range.Resident());
            Platform.Decommit(range.Address, range.ByteCount).ThrowIfRefused();
            Assert.Equal(0u, range.Resident());
            Assert.Equal(PageState.Reserved, range.Query().State);
        }
    }

    [WindowsFact]
    public void A_decommit_passes_over_pages_that_are_not_committed()
    {
        using Reservation range = new(4 * Granule);
        Platform.Commit(range.Address + Granule, Granule, PageProtection.ReadWrite).ThrowIfRefused();
        Platform.Decommit(range.Address, range.ByteCount).ThrowIfRefused();
        Assert.Equal(new RegionInfo(range.Address, range.ByteCount, PageState.Reserved, default), range.Query());
    }

    [WindowsFact]
    public void A_second_commit_keeps_the_contents_and_takes_the_protection()
    {
        using Reservation range = new(Granule);
        Platform.Commit(range.Address, Platform.PageSize, PageProtection.ReadWrite).ThrowIfRefused();
        range.Bytes[..(int)Platform.PageSize].Fill(0x5A);
        _ = range.Commit(PageProtection.Read);
        Assert.Equal(new RegionInfo(range.Address, Granule, PageState.Committed, PageProtection.Read), range.Query());
        Assert.Equal((int)Platform.PageSize, range.Bytes.IndexOfAnyExcept((byte)0x5A));
    }

    [WindowsFact]
    public void A_commit_over_the_end_of_a_reservation_is_refused_and_commits_nothing()
    {
        using Reservation range = new(2 * Granule);
        SystemReply reply = Platform.Commit(range.Address + Granule, 2 * Granule, PageProtection.ReadWrite);
        Assert.Equal(RefusalReason.InvalidRange, reply.Reason);
        Assert.Equal(SystemOperation.Commit, reply.Operation);
        Assert.Equal(PageState.Reserved, range.Query(Granule).State);
    }

    [WindowsFact]
    public void A_purge_takes_the_pages_and_leaves_the_range_committed()
    {
        using Reservation range = new Reservation(16 * Granule).Commit();
        range.Bytes.Fill(0x77);
        Platform.Purge(range.Address, range.ByteCount).ThrowIfRefused();
        Assert.Equal(0u, range.Resident());
        Assert.Equal(
            new RegionInfo(range.Address, range.ByteCount, PageState.Committed, PageProtection.ReadWrite), range.Query());
        Assert.Equal(-1, range.Bytes.IndexOfAnyExcept((byte)0, (byte)0x77));
        range.Bytes.Fill(0x11);
        Assert.Equal(-1, range.Bytes.IndexOfAnyExcept((byte)0x11));
    }

    [WindowsFact]
    public void A_protection_is_what_the_query_says()
    {
        using Reservation range = new Reservation(3 * Granule).Commit();
        PageProtection[] protections =
        [
            PageProtection.None, PageProtection.Read, PageProtection.ReadWrite, PageProtection.Execute,
            PageProtection.ReadExecute,
        ];
        foreach (PageProtection protection in protections)
        {
            Platform.Protect(range.Address + Granule, Granule, protection).ThrowIfRefused();
            Assert.Equal(PageProtection.ReadWrite, range.Query().Protection);
            Assert.Equal(protection, range.Query(Granule).Protection);
        }
    }

    [WindowsFact]
    public void A_protection_of_what_is_not_committed_is_refused_and_changes_nothing()
    {
        using Reservation range = new(2 * Granule);
        Platform.Commit(range.Address, Granule, PageProtection.ReadWrite).ThrowIfRefused();
        SystemReply reply = Platform.Protect(range.Address, range.ByteCount, PageProtection.Read);
        Assert.Equal(RefusalReason.InvalidRange, reply.Reason);
        Assert.Equal(PageProtection.ReadWrite, range.Query().Protection);
    }

    [WindowsFact]
    public void A_query_gives_the_whole_run_from_anywhere_inside()
    {
        using Reservation range = new(16 * Granule);
        Platform.Commit(range.Address + (4 * Granule), 4 * Granule, PageProtection.ReadWrite).ThrowIfRefused();
        RegionInfo committed =
            new(range.Address + (4 * Granule), 4 * Granule, PageState.Committed, PageProtection.ReadWrite);
        Assert.Equal(committed, range.Query(4 * Granule));
        Assert.Equal(committed, range.Query((7 * Granule) + 12345));
        Assert.Equal(new(range.Address, 4 * Granule, PageState.Reserved, default), range.Query((3 * Granule) + 1));
        Assert.Equal(
            new(range.Address + (8 * Granule), 8 * Granule, PageState.Reserved, default), range.Query(15 * Granule));
        Platform.CountMappings(range.Address, range.ByteCount, out nuint count).ThrowIfRefused();
        Assert.Equal(3u, count);
    }

    [WindowsFact]
    public void A_hole_is_free_from_end_to_end_and_nothing_is_above_the_address_space()
    {
        nuint far = (nuint)0x5A5A << 32;
        Platform.Query(far, out RegionInfo region).ThrowIfRefused();
        Assert.Equal(PageState.Free, region.State);
        Assert.InRange(far, region.Address, region.End - 1);
        Assert.Equal(RefusalReason.InvalidRange, Platform.Query(nuint.MaxValue, out _).Reason);
    }

    [WindowsFact]
    public void Residency_counts_the_pages_that_were_touched()
    {
        nuint pageSize = Platform.PageSize;
        using Reservation range = new Reservation(64 * Granule).Commit();
        Assert.Equal(0u, range.Resident());
        for (nuint i = 0; i < 300; i++)
        {
            range.Bytes[(int)(i * 3 * pageSize)] = 1;
        }

        Assert.Equal(300 * pageSize, range.Resident());
    }

    [WindowsFact]
    public void Residency_of_a_hole_is_refused()
    {
        nuint free;
        using (Reservation range = new(Granule, Placement.Between((nuint)1 << 43, (nuint)1 << 44)))
        {
            free = range.Address;
        }

        SystemReply reply = Platform.QueryResident(free, Granule, out nuint resident);
        Assert.Equal(RefusalReason.InvalidRange, reply.Reason);
        Assert.Equal(0u, resident);
    }

    [WindowsFact]
    public void A_prefault_makes_every_page_resident_and_keeps_the_contents()
    {
        using Reservation range = new Reservation(16 * Granule).Commit();
        range.Bytes[12345] = 42;
        Platform.Prefault(range.Address, range.ByteCount).ThrowIfRefused();
        Assert.Equal(range.ByteCount, range.Resident());
        Assert.Equal(42, range.Bytes[12345]);
    }

    [WindowsFact]
    public void A_prefault_of_what_cannot_be_written_is_refused_instead_of_a_crash()
    {
        using Reservation range = new(4 * Granule);
        Platform.Commit(range.Address, Granule, PageProtection.ReadWrite).ThrowIfRefused();
        Assert.Equal(RefusalReason.InvalidRange, Platform.Prefault(range.Address, range.ByteCount).Reason);
        _ = range.Commit(PageProtection.Read);
        Assert.Equal(RefusalReason.InvalidRange, Platform.Prefault(range.Address, range.ByteCount).Reason);
    }

    [WindowsFact]
    public void An_unlock_passes_over_pages_that_are_not_locked()
    {
        using Reservation range = new Reservation(Granule).Commit();
        nuint pageSize = Platform.PageSize;
        Platform.Lock(range.Address + pageSize, 2 * pageSize).ThrowIfRefused();
        Platform.Unlock(range.Address, range.ByteCount).ThrowIfRefused();
        Platform.Unlock(range.Address, range.ByteCount).ThrowIfRefused();
    }

    [WindowsFact]
    public void Advice_is_taken_or_refused_as_the_platform_says()
    {
        using Reservation range = new Reservation(Granule).Commit();
        foreach (PageAdvice advice in Enum.GetValues<PageAdvice>())
        {
            SystemReply reply = Platform.Advise(range.Address, range.ByteCount, advice);
            Assert.Equal(Platform.Supports(advice) ? RefusalReason.None : RefusalReason.NotSupported, reply.Reason);
            Assert.Equal(PageState.Committed, range.Query().State);
        }

        Assert.True(Platform.Supports(PageAdvice.Free));
    }

    [WindowsFact(PlatformCapabilities.ExcludeFromCoreDumps)]
    public void A_range_can_be_left_out_of_crash_dumps_and_released()
    {
        for (int i = 0; i < 2; i++)
        {
            using Reservation range = new((nuint)10 << 30);
            Platform.ExcludeFromCoreDumps(range.Address, range.ByteCount).ThrowIfRefused();
        }
    }

    [WindowsFact]
    public void The_figures_of_the_process_are_there()
    {
        using Reservation range = new Reservation(64 * Granule).Commit();
        range.Bytes.Fill(1);
        Platform.QueryProcess(out ProcessMemory memory).ThrowIfRefused();
        Assert.True(memory.ResidentByteCount >= range.ByteCount);
        Assert.True(memory.PeakResidentByteCount >= range.ByteCount);
        Assert.True(memory.MappingCount > 1);
    }

    [WindowsFact]
    public void No_call_allocates_on_the_managed_heap()
    {
        Assert.Equal(0, ManagedAllocations.Of(Everything));

        static void Everything()
        {
            bool isGood = Platform.Reserve(4 * Granule, Placement.Aligned(1 << 20), out nuint address).IsSuccess;
            isGood &= Platform.Commit(address, 4 * Granule, PageProtection.ReadWrite).IsSuccess;
            isGood &= Platform.Prefault(address, 4 * Granule).IsSuccess;
            isGood &= Platform.QueryResident(address, 4 * Granule, out nuint resident).IsSuccess;
            isGood &= resident == 4 * Granule;
            isGood &= Platform.Purge(address, 4 * Granule).IsSuccess;
            isGood &= Platform.Protect(address, Granule, PageProtection.Read).IsSuccess;
            isGood &= Platform.Query(address, out _).IsSuccess;
            isGood &= Platform.CountMappings(address, 4 * Granule, out nuint count).IsSuccess && count == 2;
            isGood &= Platform.QueryProcess(out _).IsSuccess;
            isGood &= Platform.Decommit(address, 4 * Granule).IsSuccess;
            isGood &= Platform.Reserve(Granule, Placement.At(address), out _).IsRefused;
            isGood &= Platform.Release(address, 4 * Granule).IsSuccess;
            isGood &= Platform.Reserve(Granule, Placement.Between((nuint)1 << 43, (nuint)1 << 44), out address).IsSuccess;
            isGood &= Platform.Release(address, Granule).IsSuccess;
            if (!isGood)
            {
                throw new InvalidOperationException("A call was refused.");
            }
        }
    }
}
