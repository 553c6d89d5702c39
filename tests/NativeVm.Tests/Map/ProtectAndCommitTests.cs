using NativeVm.Platform;
using NativeVm.Testing;

namespace NativeVm.Tests.Map;

public sealed class ProtectAndCommitTests : IDisposable
{
    private const nuint Page = TestMaps.Page;
    private const nuint Base = 0x4000_0000;

    private readonly SimulatedPlatform _platform = new();
    private readonly VmMap _map;

    public ProtectAndCommitTests() => _map = TestMaps.Simulated(_platform, Base, 64);

    public void Dispose() => _map.Dispose();

    [Fact]
    public void Where_one_entry_forbids_it_no_entry_changes()
    {
        VmEntryAttributes readOnly = VmEntryAttributes.ReadWrite with
        {
            Protection = PageProtection.Read,
            MaxProtection = PageProtection.Read,
        };
        Assert.Equal(VmResult.Success, _map.FindFixed(Base, 4 * Page, VmEntryAttributes.ReadWrite with { Protection = PageProtection.Read }));
        Assert.Equal(VmResult.Success, _map.FindFixed(Base + (6 * Page), Page, readOnly));
        long before = _platform.SystemCallCount;
        Assert.Equal(VmResult.ProtectionFailure, _map.Protect(Base, 10 * Page, PageProtection.ReadWrite));
        Assert.Equal(before, _platform.SystemCallCount);
        Assert.Equal(VmResult.Success, _map.Protect(Base, 6 * Page, PageProtection.ReadWrite));
        _map.Validate();
    }

    [Fact]
    public void A_range_of_a_thousand_entries_takes_one_call_for_each_run_that_differs()
    {
        using VmMap map = TestMaps.Simulated(_platform, 0x8000_0000, 1100);
        for (int i = 0; i < 1000; i++)
        {
            VmEntryAttributes attributes = VmEntryAttributes.ReadWrite with { Tag = (ulong)i };
            Assert.Equal(VmResult.Success, map.FindFixed(map.MinAddress + ((nuint)i * Page), Page, attributes));
        }

        long before = _platform.SystemCallCount;
        Assert.Equal(VmResult.Success, map.Protect(map.MinAddress, 1100 * Page, PageProtection.Read));
        Assert.Equal(before + 1, _platform.SystemCallCount);
        Assert.Equal((nuint)1000, map.GetStatistics().EntryCount);
    }

    [Fact]
    public void Addresses_outside_the_map_are_left_out_of_a_protect_and_refused_by_a_commit()
    {
        Assert.Equal(VmResult.Success, _map.FindFixed(Base, Page, VmEntryAttributes.ReadWrite));
        Assert.Equal(VmResult.Success, _map.Protect(0, nuint.MaxValue, PageProtection.Read));
        Assert.Equal(VmResult.Success, _map.Protect(_map.MaxAddress, Page, PageProtection.Read));
        Assert.Equal(VmResult.InvalidAddress, _map.Commit(0, nuint.MaxValue, PageProtection.Read));
        Assert.Equal(VmResult.InvalidAddress, _map.Commit(Base, 2 * Page, PageProtection.Read));
        Assert.Throws<ArgumentException>("protection", () => _map.Commit(Base, Page, PageProtection.None));
        Assert.Throws<ArgumentException>("protection", () => _map.Protect(Base, Page, (PageProtection)6));
        Assert.Throws<ArgumentOutOfRangeException>("protection", () => _map.Protect(Base, Page, (PageProtection)8));
    }

    [Fact]
    public void Committing_part_of_an_entry_clips_it_and_committing_the_rest_joins_it_again()
    {
        Assert.Equal(VmResult.Success, _map.FindFixed(Base, 10 * Page, VmEntryAttributes.Reserved));
        Assert.Equal(VmResult.Success, _map.Commit(Base + (4 * Page), 2 * Page, PageProtection.ReadWrite));
        Assert.Equal((nuint)3, _map.GetStatistics().EntryCount);
        Assert.Equal(2 * Page, _map.GetStatistics().CommittedByteCount);
        long before = _platform.SystemCallCount;
        Assert.Equal(VmResult.Success, _map.Commit(Base, 10 * Page, PageProtection.ReadWrite));
        Assert.Equal(before + 2, _platform.SystemCallCount);
        Assert.Equal((nuint)1, _map.GetStatistics().EntryCount);
        Assert.Equal(VmResult.Success, _map.Decommit(Base, 10 * Page));
        Assert.Equal((nuint)0, _platform.CommittedByteCount);
        Assert.Equal((nuint)1, _map.GetStatistics().EntryCount);
        _map.Validate();
    }

    [Fact]
    public void Protecting_what_has_no_memory_is_an_invalid_argument()
    {
        Assert.Equal(VmResult.Success, _map.FindFixed(Base, Page, VmEntryAttributes.Reserved));
        Assert.Equal(VmResult.InvalidArgument, _map.Protect(Base, Page, PageProtection.Read));
        Assert.Equal(VmResult.Success, _map.Protect(Base, Page, PageProtection.None));
    }

    [Fact]
    public void Committed_memory_may_be_made_inaccessible_from_the_start()
    {
        VmEntryAttributes closed = VmEntryAttributes.ReadWrite with { Protection = PageProtection.None };
        Assert.Equal(VmResult.Success, _map.FindFixed(Base, Page, closed));
        Assert.Equal(Page, _platform.CommittedByteCount);
        Assert.Throws<UnlawfulUseException>(() => _platform.Touch(Base, Page));
        Assert.Equal(VmResult.Success, _map.Protect(Base, Page, PageProtection.ReadWrite));
        _platform.Touch(Base, Page);
    }
}
