using NativeVm.Platform;
using NativeVm.Testing;

namespace NativeVm.Tests.Testing;

/// <summary>What the simulation says of residency, contents, advice and the process.</summary>
public sealed class SimulatedContentsTests
{
    private const nuint Page = 4096;

    private readonly SimulatedPlatform _platform = new();
    private readonly nuint _address;

    public SimulatedContentsTests()
    {
        _platform.Reserve(16 * Page, Placement.Anywhere, out _address).ThrowIfRefused();
        _platform.Commit(_address, 8 * Page, PageProtection.ReadWrite).ThrowIfRefused();
    }

    [Fact]
    public void Touched_pages_are_resident_and_dirty_until_they_are_decommitted()
    {
        Assert.False(_platform.IsDirty(_address, 16 * Page));
        _platform.Touch(_address + 100, Page);
        Assert.Equal(2 * Page, Resident());
        Assert.True(_platform.IsDirty(_address + (2 * Page) - 1, 1));
        Assert.False(_platform.IsDirty(_address + (2 * Page), 14 * Page));
        Assert.False(_platform.IsDirty(_address, 0));
        _platform.Touch(_address, 0);

        _platform.Commit(_address, 8 * Page, PageProtection.Read).ThrowIfRefused();
        Assert.True(_platform.IsDirty(_address, Page));
        _platform.Decommit(_address, 2 * Page).ThrowIfRefused();
        _platform.Commit(_address, 2 * Page, PageProtection.ReadWrite).ThrowIfRefused();
        Assert.False(_platform.IsDirty(_address, 2 * Page));
        Assert.Equal(0u, Resident());
    }

    [Fact]
    public void A_purge_gives_pages_back_and_zeroes_them_only_where_the_system_says_so()
    {
        _platform.Touch(_address, 4 * Page);
        _platform.Purge(_address, 2 * Page).ThrowIfRefused();
        Assert.Equal(2 * Page, Resident());
        Assert.False(_platform.IsDirty(_address, 2 * Page));
        Assert.Equal(8 * Page, _platform.CommittedByteCount);

        SimulatedPlatform windows = new(SimulatedPlatformOptions.WindowsLike);
        windows.Reserve(1 << 20, Placement.Anywhere, out nuint address).ThrowIfRefused();
        windows.Commit(address, 4 * Page, PageProtection.ReadWrite).ThrowIfRefused();
        windows.Touch(address, 4 * Page);
        windows.Purge(address, 4 * Page).ThrowIfRefused();
        Assert.Equal(0u, windows.ResidentByteCount);
        Assert.True(windows.IsDirty(address, Page));
    }

    [Fact]
    public void Reading_and_prefaulting_leave_pages_zero()
    {
        _platform.Touch(_address, Page, PageProtection.Read);
        _platform.Prefault(_address + Page, Page).ThrowIfRefused();
        Assert.Equal(2 * Page, Resident());
        Assert.False(_platform.IsDirty(_address, 2 * Page));
    }

    [Fact]
    public void The_process_has_a_peak_and_faults()
    {
        _platform.Touch(_address, 4 * Page);
        _platform.Touch(_address, 6 * Page);
        _platform.Purge(_address, 5 * Page).ThrowIfRefused();
        Assert.True(_platform.QueryProcess(out ProcessMemory memory).IsSuccess);
        Assert.Equal(new ProcessMemory(Page, 6 * Page, 2, 6), memory);
    }

    [Fact]
    public void A_decommit_that_repeats_the_traits_keeps_one_mapping()
    {
        _platform.ExcludeFromCoreDumps(_address, 16 * Page).ThrowIfRefused();
        Assert.Equal(2u, Mappings());
        _platform.Decommit(_address + (2 * Page), 2 * Page).ThrowIfRefused();
        Assert.Equal(4u, Mappings());
        _platform.Decommit(_address, 8 * Page, RangeTraits.ExcludedFromCoreDumps).ThrowIfRefused();
        Assert.Equal(1u, Mappings());
        Assert.All(_platform.Snapshot(), range => Assert.Equal(RangeTraits.ExcludedFromCoreDumps, range.Traits));
    }

    [Fact]
    public void Advice_on_use_splits_mappings_until_it_is_normal_again()
    {
        _platform.Advise(_address + Page, Page, PageAdvice.Random).ThrowIfRefused();
        Assert.Equal(4u, Mappings());
        _platform.Advise(_address + Page, Page, PageAdvice.Sequential).ThrowIfRefused();
        Assert.Equal(4u, Mappings());
        _platform.Advise(_address, 8 * Page, PageAdvice.Normal).ThrowIfRefused();
        Assert.Equal(2u, Mappings());
        _platform.Advise(_address, 4 * Page, PageAdvice.NoHugePages).ThrowIfRefused();
        Assert.Equal(3u, Mappings());
        _platform.Advise(_address, 8 * Page, PageAdvice.HugePages).ThrowIfRefused();
        Assert.Equal(2u, Mappings());
        Assert.Contains(_platform.Snapshot(), range => range.Traits == RangeTraits.HugePages);
    }

    [Fact]
    public void Advice_on_huge_pages_needs_huge_pages()
    {
        SimulatedPlatform small = new(SimulatedPlatformOptions.Posix32BitLike);
        small.Reserve(Page, Placement.Anywhere, out nuint address).ThrowIfRefused();
        Assert.Equal(RefusalReason.NotSupported, small.Advise(address, Page, PageAdvice.HugePages).Reason);
        Assert.True(small.Supports(PageAdvice.ExcludeFromCoreDumps));
        Assert.False(small.Supports((PageAdvice)200));
    }

    [Fact]
    public void Calls_are_counted_refused_ones_too_and_touches_are_not()
    {
        long before = _platform.SystemCallCount;
        _platform.Touch(_address, Page);
        Assert.False(_platform.Reserve(Page, Placement.At(_address), out _).IsSuccess);
        Assert.True(_platform.Query(_address, out _).IsSuccess);
        Assert.Equal(before + 2, _platform.SystemCallCount);
    }

    [Fact]
    public void The_snapshot_describes_every_range()
    {
        _platform.Touch(_address, Page);
        _platform.Lock(_address, Page).ThrowIfRefused();
        _platform.PlaceForeign(_address + (32 * Page), Page);
        IReadOnlyList<SimulatedRange> ranges = _platform.Snapshot();
        Assert.Equal(4, ranges.Count);
        Assert.Equal(
            new SimulatedRange(_address, Page, PageState.Committed, PageProtection.ReadWrite)
            {
                ReservationAddress = _address,
                IsLocked = true,
                IsResident = true,
                IsDirty = true,
            },
            ranges[0]);
        Assert.Equal(_address + (8 * Page), ranges[1].End);
        Assert.Equal(PageState.Reserved, ranges[2].State);
        Assert.True(ranges[3].IsForeign);
        Assert.Contains("committed ReadWrite locked resident dirty", _platform.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Threads_may_call_at_the_same_time()
    {
        const int Threads = 4;
        const int Rounds = 2_000;
        Parallel.For(0, Threads, new ParallelOptions { MaxDegreeOfParallelism = Threads }, thread =>
        {
            for (int round = 0; round < Rounds; round++)
            {
                _platform.Reserve(4 * Page, Placement.Anywhere, out nuint address).ThrowIfRefused();
                _platform.Commit(address + Page, Page, PageProtection.ReadWrite).ThrowIfRefused();
                _platform.Touch(address + Page, Page);
                _platform.Release(address, 4 * Page).ThrowIfRefused();
            }
        });
        Assert.Equal(1, _platform.ReservationCount);
        Assert.Equal(16 * Page, _platform.ReservedByteCount);
        Assert.Equal(2 + (3 * Threads * Rounds), _platform.SystemCallCount);
        Assert.Equal(0u, _platform.ResidentByteCount);
    }

    private nuint Resident()
    {
        _platform.QueryResident(_address, 16 * Page, out nuint byteCount).ThrowIfRefused();
        return byteCount;
    }

    private nuint Mappings()
    {
        _platform.CountMappings(_address, 16 * Page, out nuint count).ThrowIfRefused();
        return count;
    }
}
