using NativeVm.Platform;
using NativeVm.Testing;

namespace NativeVm.Tests.Map;

public sealed class InsertAndDeleteTests : IDisposable
{
    private const nuint Page = TestMaps.Page;
    private const nuint Base = 0x4000_0000;
    private const int PageCount = 64;

    private readonly SimulatedPlatform _platform = new();
    private readonly VmMap _map;

    public InsertAndDeleteTests() => _map = TestMaps.Simulated(_platform, Base, PageCount);

    public void Dispose() => _map.Dispose();

    [Fact]
    public void A_range_that_is_empty_wraps_or_reaches_outside_is_an_invalid_address()
    {
        using VmMapLockScope scope = _map.EnterWriteLock();
        foreach ((nuint start, nuint byteCount) in ((nuint, nuint)[])[
            (Base, 0), (Base - Page, Page), (Base - Page, 2 * Page), (Base, (PageCount + 1) * Page),
            (_map.MaxAddress, Page), (Base, nuint.MaxValue), (Base + Page, nuint.MaxValue - Base), (0, Page)])
        {
            Assert.Equal(VmResult.InvalidAddress, _map.Insert(start, byteCount, VmEntryAttributes.ReadWrite));
            VmResult deleted = _map.Delete(start, byteCount);
            Assert.Equal(byteCount == 0 ? VmResult.Success : VmResult.InvalidAddress, deleted);
        }

        Assert.Equal(0, _platform.CommittedByteCount > 0 ? 1 : 0);
    }

    [Fact]
    public void An_overlap_is_no_space_and_changes_nothing()
    {
        using VmMapLockScope scope = _map.EnterWriteLock();
        Assert.Equal(VmResult.Success, _map.Insert(At(10), 10 * Page, TestMaps.Tagged(1)));
        foreach ((int page, int count) in ((int, int)[])[(10, 10), (9, 2), (19, 2), (12, 1), (5, 30)])
        {
            Assert.Equal(VmResult.NoSpace, _map.Insert(At(page), (nuint)count * Page, VmEntryAttributes.ReadWrite));
        }

        Assert.Equal([(10, 20, 1ul)], Entries());
        Assert.Equal((nuint)0, _platform.CommittedByteCount);
    }

    [Fact]
    public void An_insert_that_continues_its_predecessor_extends_it_and_joins_a_successor_that_continues_too()
    {
        using VmMapLockScope scope = _map.EnterWriteLock();
        Assert.Equal(VmResult.Success, _map.Insert(At(10), 2 * Page, TestMaps.Tagged(1)));
        Assert.Equal(VmResult.Success, _map.Insert(At(14), 2 * Page, TestMaps.Tagged(1)));
        Assert.Equal(VmResult.Success, _map.Insert(At(12), 2 * Page, TestMaps.Tagged(1)));
        Assert.Equal([(10, 16, 1ul)], Entries());
        Assert.Equal(VmResult.Success, _map.Insert(At(16), Page, TestMaps.Tagged(2)));
        Assert.Equal([(10, 16, 1ul), (16, 17, 2ul)], Entries());
    }

    [Fact]
    public void A_delete_clips_both_ends_and_holes_are_fine()
    {
        using VmMapLockScope scope = _map.EnterWriteLock();
        Assert.Equal(VmResult.Success, _map.Insert(At(0), 10 * Page, TestMaps.Tagged(1)));
        Assert.Equal(VmResult.Success, _map.Insert(At(12), 2 * Page, TestMaps.Tagged(2)));
        Assert.Equal(VmResult.Success, _map.Insert(At(20), 10 * Page, TestMaps.Tagged(3)));
        Assert.Equal(VmResult.Success, _map.Delete(At(8), 14 * Page));
        Assert.Equal([(0, 8, 1ul), (22, 30, 3ul)], Entries());
        Assert.Equal(VmResult.Success, _map.Delete(At(2), Page));
        Assert.Equal([(0, 2, 1ul), (3, 8, 1ul), (22, 30, 3ul)], Entries());
        Assert.Equal(VmResult.Success, _map.Delete(Base, PageCount * Page));
        Assert.Empty(Entries());
        _map.Validate();
    }

    [Fact]
    public void Removing_what_is_not_there_succeeds_and_changes_nothing()
    {
        Assert.Equal(VmResult.Success, _map.Remove(Base, PageCount * Page));
        Assert.Equal(VmResult.Success, _map.Remove(At(3), 0));
        Assert.Equal(1L, _platform.SystemCallCount);
    }

    [Fact]
    public void Pages_of_a_range_with_holes_go_back_in_one_call()
    {
        using VmMapLockScope scope = _map.EnterWriteLock();
        for (int i = 0; i < 20; i++)
        {
            Assert.Equal(VmResult.Success, _map.Insert(At(3 * i), Page, VmEntryAttributes.ReadWrite with { Tag = (ulong)i }));
        }

        Assert.Equal(20 * Page, _platform.CommittedByteCount);
        long before = _platform.SystemCallCount;
        Assert.Equal(VmResult.Success, _map.Delete(Base, PageCount * Page));
        Assert.Equal(before + 1, _platform.SystemCallCount);
        Assert.Equal((nuint)0, _platform.CommittedByteCount);
    }

    [Fact]
    public void Entries_that_are_not_committed_cost_no_system_call()
    {
        using VmMapLockScope scope = _map.EnterWriteLock();
        long before = _platform.SystemCallCount;
        Assert.Equal(VmResult.Success, _map.Insert(At(1), Page, TestMaps.Tagged(1)));
        Assert.True(_map.TryFindSpace(0, Page, 1, FindSpaceFlags.None, out _));
        Assert.Equal(VmResult.Success, _map.Delete(At(1), Page));
        Assert.Equal(before, _platform.SystemCallCount);
    }

    [Fact]
    public void Steps_of_a_locked_caller_throw_without_the_lock()
    {
        Assert.Throws<SynchronizationLockException>(() => _map.Insert(Base, Page, VmEntryAttributes.ReadWrite));
        Assert.Throws<SynchronizationLockException>(() => _map.Delete(Base, Page));
        Assert.Throws<SynchronizationLockException>(() => _map.TryLookup(Base, out _));
        Assert.Throws<SynchronizationLockException>(() => _map.GetEntries());
    }

    [Fact]
    public void Unaligned_starts_and_attributes_that_contradict_each_other_are_misuse()
    {
        using VmMapLockScope scope = _map.EnterWriteLock();
        Assert.Throws<ArgumentException>("start", () => _map.Insert(Base + 1, Page, VmEntryAttributes.ReadWrite));
        Assert.Throws<ArgumentException>("start", () => _map.Delete(Base + 1, Page));
        VmEntryAttributes good = VmEntryAttributes.ReadWrite;
        foreach (VmEntryAttributes bad in (VmEntryAttributes[])[
            good with { MaxProtection = PageProtection.Read },
            good with { Protection = PageProtection.Write | PageProtection.Execute },
            good with { IsCommitted = false },
            good with { Kind = VmEntryKind.Foreign },
            good with { Inheritance = (PageInheritance)7 },
            good with { GrowthReserve = Page },
            good with { Kind = VmEntryKind.Stack, GrowthReserve = 5 }])
        {
            Assert.Throws<ArgumentException>("attributes", () => _map.Insert(Base, Page, bad));
        }

        Assert.Empty(Entries());
    }

    [Fact]
    public void A_lookup_gives_the_containing_entry_or_the_predecessor_or_nothing()
    {
        using VmMapLockScope scope = _map.EnterWriteLock();
        Assert.False(_map.TryLookup(At(5), out VmEntry entry));
        Assert.Equal((nuint)0, entry.ByteCount);
        Assert.Equal(VmResult.Success, _map.Insert(At(10), 2 * Page, TestMaps.Tagged(7)));
        Assert.False(_map.TryLookup(At(10) - 1, out _));
        Assert.True(_map.TryLookup(At(10), out entry));
        Assert.True(_map.TryLookup(At(12) - 1, out entry));
        Assert.Equal(7ul, entry.Attributes.Tag);
        Assert.False(_map.TryLookup(At(12), out entry));
        Assert.Equal(At(10), entry.Start);
        Assert.False(_map.TryLookup(nuint.MaxValue, out entry));
        Assert.Equal(At(10), entry.Start);
    }

    [Fact]
    public void A_stacks_reserve_stays_with_its_lowest_piece()
    {
        using VmMapLockScope scope = _map.EnterWriteLock();
        VmEntryAttributes stack = VmEntryAttributes.ReadWrite with { Kind = VmEntryKind.Stack, GrowthReserve = 5 * Page };
        Assert.Equal(VmResult.Success, _map.Insert(At(20), 10 * Page, stack));
        Assert.Equal(VmResult.Success, _map.Protect(At(25), Page, PageProtection.Read));
        nuint[] reserves = [.. Snapshot().Select(e => e.Attributes.GrowthReserve)];
        Assert.Equal([5 * Page, 0, 0], reserves);
        Assert.Equal(VmResult.Success, _map.Protect(At(25), Page, PageProtection.ReadWrite));
        Assert.Equal([5 * Page], Snapshot().Select(e => e.Attributes.GrowthReserve));
        _map.Validate();
    }

    private static nuint At(int page) => Base + ((nuint)page * Page);

    private List<VmEntry> Snapshot()
    {
        List<VmEntry> entries = [];
        foreach (VmEntry entry in _map.GetEntries())
        {
            entries.Add(entry);
        }

        return entries;
    }

    private (int First, int End, ulong Tag)[] Entries() =>
        [.. Snapshot().Select(e => ((int)((e.Start - Base) / Page), (int)((e.End - Base) / Page), e.Attributes.Tag))];
}
