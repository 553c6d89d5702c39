using NativeVm.Platform;
using NativeVm.Testing;

namespace NativeVm.Tests.Map;

public sealed class WireAndAdviseTests : IDisposable
{
    private const nuint Page = TestMaps.Page;
    private const nuint Base = 0x4000_0000;

    private readonly SimulatedPlatform _platform = new();
    private readonly VmMap _map;

    public WireAndAdviseTests() => _map = TestMaps.Simulated(_platform, Base, 2048);

    public void Dispose() => _map.Dispose();

    [Fact]
    public void Wirings_nest_and_only_the_first_and_the_last_reach_the_pages()
    {
        Assert.Equal(VmResult.Success, _map.FindFixed(Base, 8 * Page, VmEntryAttributes.ReadWrite));
        Assert.Equal(VmResult.Success, _map.Wire(Base + Page, 4 * Page));
        Assert.Equal(VmResult.Success, _map.Wire(Base, 3 * Page));
        Assert.Equal(5 * Page, _platform.LockedByteCount);
        Assert.Equal(VmResult.Success, _map.Unwire(Base + Page, 4 * Page));
        Assert.Equal(3 * Page, _platform.LockedByteCount);
        Assert.Equal(VmResult.InvalidArgument, _map.Unwire(Base, 4 * Page));
        Assert.Equal(3 * Page, _platform.LockedByteCount);
        Assert.Equal(VmResult.Success, _map.Unwire(Base, 3 * Page));
        Assert.Equal((nuint)0, _platform.LockedByteCount);
        Assert.Equal((nuint)1, _map.GetStatistics().EntryCount);
        _map.Validate();
    }

    [Fact]
    public void A_hole_is_an_invalid_address_and_what_has_no_memory_an_invalid_argument()
    {
        Assert.Equal(VmResult.Success, _map.FindFixed(Base, Page, VmEntryAttributes.ReadWrite));
        Assert.Equal(VmResult.Success, _map.FindFixed(Base + (2 * Page), Page, VmEntryAttributes.Reserved));
        Assert.Equal(VmResult.InvalidAddress, _map.Wire(Base, 2 * Page));
        Assert.Equal(VmResult.InvalidAddress, _map.Wire(Base - Page, 2 * Page));
        Assert.Equal(VmResult.InvalidArgument, _map.Wire(Base + (2 * Page), Page));
        Assert.Equal(VmResult.Success, _map.Wire(Base, 0));
        Assert.Equal((nuint)0, _platform.LockedByteCount);
    }

    [Fact]
    public void A_limit_on_locked_memory_backs_the_wiring_out_and_is_named()
    {
        SimulatedPlatform platform = new(SimulatedPlatformOptions.PosixLike with { LockLimitByteCount = 4 * Page });
        using VmMap map = TestMaps.Simulated(platform, Base, 64);
        for (nuint i = 0; i < 4; i++)
        {
            Assert.Equal(VmResult.Success, map.FindFixed(Base + (2 * i * Page), 2 * Page, VmEntryAttributes.ReadWrite with { Tag = i }));
        }

        Assert.Equal(VmResult.Success, map.Wire(Base + (2 * Page), Page));
        VmResult result = map.Wire(Base, 8 * Page);
        Assert.Equal(RefusalReason.LockLimit, result.Refusal.Reason);
        Assert.Contains("ulimit -l", result.ToString(), StringComparison.Ordinal);
        Assert.Equal(Page, platform.LockedByteCount);
        map.Validate();
    }

    [Fact]
    public void A_wired_entry_is_not_decommitted_and_a_removed_one_is_no_longer_locked()
    {
        Assert.Equal(VmResult.Success, _map.FindFixed(Base, 4 * Page, VmEntryAttributes.ReadWrite));
        Assert.Equal(VmResult.Success, _map.Wire(Base + Page, Page));
        Assert.Equal(VmResult.InvalidArgument, _map.Decommit(Base, 4 * Page));
        Assert.Equal(VmResult.InvalidArgument, _map.Advise(Base, 4 * Page, VmAdvice.DontNeed));
        Assert.Equal(VmResult.Success, _map.Remove(Base, 4 * Page));
        Assert.Equal((nuint)0, _platform.LockedByteCount);
    }

    [Fact]
    public void Advice_reaches_the_pages_and_what_of_it_lasts_keeps_entries_apart()
    {
        Assert.Equal(VmResult.Success, _map.FindFixed(Base, 4 * Page, VmEntryAttributes.ReadWrite));
        _platform.Touch(Base, 4 * Page);
        Assert.Equal(VmResult.Success, _map.Advise(Base, Page, VmAdvice.DontNeed));
        Assert.Equal(3 * Page, _platform.ResidentByteCount);
        Assert.Equal(VmResult.Success, _map.Advise(Base, Page, VmAdvice.NoCore));
        Assert.Equal((nuint)2, _map.GetStatistics().EntryCount);
        Assert.Equal(VmResult.Success, _map.Advise(Base, Page, VmAdvice.Core));
        Assert.Equal((nuint)1, _map.GetStatistics().EntryCount);
        foreach (VmAdvice advice in Enum.GetValues<VmAdvice>())
        {
            Assert.Equal(VmResult.Success, _map.Advise(0, nuint.MaxValue, advice));
        }

        Assert.Throws<ArgumentOutOfRangeException>("advice", () => _map.Advise(Base, Page, (VmAdvice)77));
        Assert.Equal(VmResult.Success, _map.Remove(Base, 4 * Page));
        Assert.Equal((nuint)1, _map.GetStatistics().MappingCount);
    }

    [Fact]
    public void A_maximum_once_lowered_lowers_the_protection_and_cannot_be_raised()
    {
        for (nuint i = 0; i < 3; i++)
        {
            PageProtection protection = i == 1 ? PageProtection.ReadExecute : PageProtection.ReadWrite;
            VmEntryAttributes attributes = VmEntryAttributes.ReadWrite with { Protection = protection };
            Assert.Equal(VmResult.Success, _map.FindFixed(Base + (i * Page), Page, attributes));
        }

        Assert.Equal(VmResult.Success, _map.ProtectMaximum(Base, 3 * Page, PageProtection.ReadWrite));
        Assert.True(_map.CheckProtection(Base, 3 * Page, PageProtection.Read));
        Assert.False(_map.CheckProtection(Base, 3 * Page, PageProtection.ReadWrite));
        Assert.True(_map.CheckProtection(Base, Page, PageProtection.ReadWrite));
        Assert.False(_map.CheckProtection(Base, 4 * Page, PageProtection.Read));
        Assert.False(_map.CheckProtection(Base - Page, Page, PageProtection.None));
        Assert.True(_map.CheckProtection(Base, 0, PageProtection.ReadWrite));
        Assert.Equal(VmResult.ProtectionFailure, _map.Protect(Base + Page, Page, PageProtection.ReadExecute));
        Assert.Equal(VmResult.ProtectionFailure, _map.ProtectMaximum(Base, Page, PageProtection.ReadExecute));
        Assert.Equal(VmResult.Success, _map.Protect(Base, 3 * Page, PageProtection.ReadWrite));
        Assert.Equal((nuint)1, _map.GetStatistics().EntryCount);
        _map.Validate();
    }
}
