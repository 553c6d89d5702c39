using NativeVm.Platform;
using NativeVm.Testing;

namespace NativeVm.Tests.Testing;

/// <summary>Objects, guards, inheritance, huge pages and memory nodes of the simulation: what is lawful, and what it shows.</summary>
public sealed class SimulatedObjectTests : IDisposable
{
    private const nuint Page = 4096;
    private const nuint Huge = 16 * Page;

    private readonly SimulatedPlatform _platform = new(SimulatedPlatformOptions.PosixLike with
    {
        HugePageSize = Huge,
        HugePagePoolByteCount = 2 * Huge,
        NumaNodeCount = 4,
    });

    private readonly MemoryObjectHandle _memory;
    private readonly nuint _address;

    public SimulatedObjectTests()
    {
        _platform.Reserve(64 * Page, Placement.Aligned(Huge), out _address).ThrowIfRefused();
        _platform.CreateSharedMemory(8 * Page, "memory", out MemoryObjectHandle? handle).ThrowIfRefused();
        _memory = handle!;
    }

    public void Dispose() => _memory.Dispose();

    [Fact]
    public void A_mapping_is_shown_and_its_removal_restores_one_mapping()
    {
        Map(_address + (4 * Page), 2 * Page, offset: 3 * Page);
        Assert.Equal(3u, _platform.MappingCount);
        Assert.Equal(2 * Page, _platform.MappedByteCount);
        Assert.Equal(0u, _platform.CommittedByteCount);
        SimulatedRange range = _platform.Snapshot()[1];
        Assert.Equal((_address + (4 * Page), 2 * Page), (range.Address, range.ByteCount));
        Assert.Equal((3 * Page, MappingSharing.Shared), ((nuint)range.ObjectOffset, range.Sharing));
        Assert.Contains("of object", range.ToString(), StringComparison.Ordinal);
        _platform.UnmapObject(_address, 64 * Page).ThrowIfRefused();
        Assert.Equal(1u, _platform.MappingCount);
        Assert.Equal(0u, _platform.MappedByteCount);
    }

    [Fact]
    public void What_is_for_anonymous_memory_is_unlawful_on_an_object()
    {
        Map(_address, 4 * Page, offset: 0);
        foreach (Func<SystemReply> call in new Func<SystemReply>[]
        {
            () => _platform.Commit(_address, Page, PageProtection.Read),
            () => _platform.Decommit(_address, 8 * Page),
            () => _platform.Purge(_address, Page),
            () => _platform.InstallGuard(_address, Page),
            () => _platform.Advise(_address, Page, PageAdvice.Free),
            () => _platform.ReleaseObject(_address, 64 * Page),
        })
        {
            Assert.Throws<UnlawfulUseException>(() => call());
        }

        _platform.Protect(_address, Page, PageProtection.Read).ThrowIfRefused();
        _platform.Lock(_address, Page).ThrowIfRefused();
        _platform.Prefault(_address + Page, Page).ThrowIfRefused();
        _platform.Release(_address, 64 * Page).ThrowIfRefused();
    }

    [Fact]
    public void A_view_at_free_addresses_is_released_as_one_and_not_as_a_reservation()
    {
        _platform.MapObjectAnywhere(
            2 * Page, _memory, 0, PageProtection.Read, MappingSharing.Shared, Placement.Anywhere, out nuint view)
            .ThrowIfRefused();
        Assert.Equal(2, _platform.ReservationCount);
        Assert.Throws<UnlawfulUseException>(() => _platform.Release(view, 2 * Page));
        Assert.Throws<UnlawfulUseException>(() => _platform.ReleaseObject(view, Page));
        Assert.Throws<UnlawfulUseException>(() => _platform.Touch(view, 1));
        _platform.Touch(view, 1, PageProtection.Read);
        _platform.ReleaseObject(view, 2 * Page).ThrowIfRefused();
        Assert.Equal(1, _platform.ReservationCount);
    }

    [Fact]
    public void An_access_beyond_the_end_of_a_file_that_was_shrunk_is_unlawful()
    {
        _platform.PlaceFile("file", 4 * Page);
        using MemoryObjectHandle file = Open("file", MemoryObjectAccess.ReadWrite, 0);
        _platform.MapObject(
            _address, 3 * Page, file, Page, PageProtection.ReadWrite, MappingSharing.Shared).ThrowIfRefused();
        _platform.Touch(_address, 3 * Page);
        _platform.ResizeFile("file", (2 * Page) + 1);
        _platform.Touch(_address, 2 * Page);
        UnlawfulUseException thrown = Assert.Throws<UnlawfulUseException>(() => _platform.Touch(_address, 3 * Page));
        Assert.Contains("beyond its end", thrown.Message, StringComparison.Ordinal);
        _platform.GetObjectByteCount(file, out ulong byteCount).ThrowIfRefused();
        Assert.Equal((2 * Page) + 1, byteCount);
        Assert.Equal(
            RefusalReason.InvalidRange,
            _platform.MapObject(_address, Page, file, 3 * Page, PageProtection.Read, MappingSharing.Shared).Reason);
    }

    [Fact]
    public void Files_are_found_made_extended_and_refused()
    {
        _platform.PlaceFile("read-only", 10, isReadOnly: true);
        Assert.Equal(RefusalReason.NotFound, WhyNot("none", MemoryObjectAccess.Read, 5));
        Assert.Equal(RefusalReason.NotFound, WhyNot("none", MemoryObjectAccess.ReadWrite, 0));
        Assert.Equal(RefusalReason.AccessDenied, WhyNot("read-only", MemoryObjectAccess.ReadWrite, 0));
        Assert.Equal(RefusalReason.InvalidRange, WhyNot("read-only", MemoryObjectAccess.Read, 11));
        Open("new", MemoryObjectAccess.ReadWrite, 5).Dispose();
        Open("new", MemoryObjectAccess.ReadWrite, 3).Dispose();
        Assert.Equal(5u, _platform.FileByteCount("new"));
        Open("new", MemoryObjectAccess.ReadWrite, Page).Dispose();
        Assert.Equal(Page, _platform.FileByteCount("new"));
        Assert.Null(_platform.FileByteCount("none"));
        Assert.Throws<ArgumentException>(() => _platform.ResizeFile("none", 1));

        using MemoryObjectHandle file = Open("read-only", MemoryObjectAccess.Read, 0);
        Assert.Equal(2, _platform.OpenHandleCount);
        Assert.Equal(
            RefusalReason.AccessDenied,
            _platform.MapObject(_address, Page, file, 0, PageProtection.ReadWrite, MappingSharing.Shared).Reason);
        _platform.MapObject(_address, Page, file, 0, PageProtection.Read, MappingSharing.Shared).ThrowIfRefused();
        Assert.Equal(RefusalReason.AccessDenied, _platform.Protect(_address, Page, PageProtection.ReadWrite).Reason);
        _platform.MapObject(_address, Page, file, 0, PageProtection.ReadWrite, MappingSharing.CopyOnWrite).ThrowIfRefused();
        file.Dispose();
        Assert.Equal(1, _platform.OpenHandleCount);
        Assert.Throws<ObjectDisposedException>(
            () => _platform.MapObject(_address, Page, file, 0, PageProtection.Read, MappingSharing.Shared));
    }

    [Fact]
    public void Like_windows_only_what_is_reserved_in_a_placeholder_is_replaced_and_only_whole_views_unmapped()
    {
        const nuint Granule = 64 << 10;
        SimulatedPlatform windows = new(SimulatedPlatformOptions.WindowsLike);
        windows.CreateSharedMemory(8 * Granule, "memory", out MemoryObjectHandle? created).ThrowIfRefused();
        using MemoryObjectHandle memory = created!;
        windows.Reserve(8 * Granule, Placement.Anywhere, out nuint plain).ThrowIfRefused();
        Assert.Throws<UnlawfulUseException>(() => MapOnWindows(plain, Granule));
        windows.ReservePlaceholder(8 * Granule, Placement.Anywhere, out nuint address).ThrowIfRefused();
        windows.Commit(address, Granule, PageProtection.ReadWrite).ThrowIfRefused();
        Assert.Throws<UnlawfulUseException>(() => MapOnWindows(address, Granule));
        Assert.True(MapOnWindows(address + Granule, Granule).IsSuccess);
        Assert.True(MapOnWindows(address + (2 * Granule), Granule).IsSuccess);
        Assert.Throws<UnlawfulUseException>(() => MapOnWindows(address + Granule, Granule));
        Assert.Throws<UnlawfulUseException>(
            () => windows.Protect(address + Granule, 2 * Granule, PageProtection.Read));
        Assert.Throws<UnlawfulUseException>(() => windows.UnmapObject(address + Granule, 2 * Granule));
        Assert.Throws<UnlawfulUseException>(() => windows.UnmapObject(address + Granule, Page));
        Assert.Throws<UnlawfulUseException>(() => windows.Synchronize(address, Page));
        windows.Synchronize(address + Granule, Page).ThrowIfRefused();
        windows.UnmapObject(address + Granule, Granule).ThrowIfRefused();
        Assert.True(MapOnWindows(address + Granule, Granule).IsSuccess);
        windows.Release(address, 8 * Granule).ThrowIfRefused();

        SystemReply MapOnWindows(nuint at, nuint byteCount) =>
            windows.MapObject(at, byteCount, memory, 0, PageProtection.ReadWrite, MappingSharing.Shared);
    }

    [Fact]
    public void A_guard_makes_every_touch_unlawful_and_adds_no_mapping()
    {
        _platform.Commit(_address, 8 * Page, PageProtection.ReadWrite).ThrowIfRefused();
        _platform.Touch(_address, 8 * Page);
        nuint mappings = _platform.MappingCount;
        _platform.InstallGuard(_address + Page, Page).ThrowIfRefused();
        Assert.Equal(mappings, _platform.MappingCount);
        Assert.Equal(7 * Page, _platform.ResidentByteCount);
        Assert.False(_platform.IsDirty(_address + Page, Page));
        Assert.Throws<UnlawfulUseException>(() => _platform.Touch(_address + Page, 1, PageProtection.Read));
        Assert.Throws<UnlawfulUseException>(() => _platform.Lock(_address, 8 * Page));
        Assert.Throws<UnlawfulUseException>(() => _platform.Prefault(_address, 8 * Page));
        Assert.Throws<UnlawfulUseException>(() => _platform.RemoveGuard(_address, 8 * Page, PageProtection.Read));
        _platform.Purge(_address, 8 * Page).ThrowIfRefused();
        _platform.Protect(_address, 8 * Page, PageProtection.Read).ThrowIfRefused();
        Assert.Throws<UnlawfulUseException>(() => _platform.Touch(_address + Page, 1, PageProtection.Read));
        _platform.RemoveGuard(_address, 8 * Page, PageProtection.Read).ThrowIfRefused();
        _platform.Touch(_address, 8 * Page, PageProtection.Read);
    }

    [Fact]
    public void Where_a_guard_is_a_protection_it_must_be_removed_before_another_is_set()
    {
        SimulatedPlatform windows = new(SimulatedPlatformOptions.WindowsLike);
        windows.Reserve(4 * Page, Placement.Anywhere, out nuint address).ThrowIfRefused();
        windows.Commit(address, 4 * Page, PageProtection.ReadWrite).ThrowIfRefused();
        windows.InstallGuard(address + Page, Page).ThrowIfRefused();
        Assert.Throws<UnlawfulUseException>(() => windows.Protect(address, 4 * Page, PageProtection.Read));
        Assert.Throws<UnlawfulUseException>(() => windows.Commit(address, 4 * Page, PageProtection.Read));
        Assert.Throws<UnlawfulUseException>(() => windows.Touch(address + Page, 1));
        windows.RemoveGuard(address + Page, Page, PageProtection.ReadWrite).ThrowIfRefused();
        windows.Touch(address, 4 * Page);
        windows.InstallGuard(address, Page).ThrowIfRefused();
        windows.Decommit(address, 4 * Page).ThrowIfRefused();
        windows.Commit(address, 4 * Page, PageProtection.ReadWrite).ThrowIfRefused();
        windows.Touch(address, 4 * Page);
    }

    [Fact]
    public void Inheritance_is_a_trait_and_has_to_name_what_is_behind_the_range()
    {
        Map(_address, Page, offset: 0);
        Assert.Throws<UnlawfulUseException>(() => _platform.SetInheritance(_address, 2 * Page, PageInheritance.None));
        Assert.Equal(
            RefusalReason.NotSupported,
            _platform.SetInheritance(_address, Page, PageInheritance.Copy, MappingSharing.Shared).Reason);
        _platform.SetInheritance(_address, Page, PageInheritance.None, MappingSharing.Shared).ThrowIfRefused();
        Assert.Equal(RangeTraits.ExcludedFromFork, _platform.Snapshot()[0].Traits);
        _platform.SetInheritance(_address, Page, PageInheritance.Share, MappingSharing.Shared).ThrowIfRefused();
        Assert.Equal(RangeTraits.None, _platform.Snapshot()[0].Traits);
        Assert.Equal(
            RefusalReason.NotSupported,
            _platform.SetInheritance(_address + Page, Page, PageInheritance.Share).Reason);
    }

    [Fact]
    public void Huge_pages_come_from_a_stock_and_are_never_cut()
    {
        _platform.CommitHugePages(_address, 2 * Huge, PageProtection.ReadWrite).ThrowIfRefused();
        SystemReply reply = _platform.CommitHugePages(_address + (2 * Huge), Huge, PageProtection.ReadWrite);
        Assert.Equal(RefusalReason.NoHugePages, reply.Reason);
        Assert.Contains("vm.nr_hugepages", reply.ToString(), StringComparison.Ordinal);
        Assert.Throws<UnlawfulUseException>(() => _platform.Protect(_address, Page, PageProtection.Read));
        Assert.Throws<UnlawfulUseException>(() => _platform.Decommit(_address + Page, 4 * Huge - Page));
        _platform.Decommit(_address, Huge).ThrowIfRefused();
        _platform.CommitHugePages(_address + (2 * Huge), Huge, PageProtection.ReadWrite).ThrowIfRefused();
        Assert.True(_platform.Supports(PlatformCapabilities.ExplicitHugePages));
    }

    [Fact]
    public void A_preferred_node_is_kept_until_the_decommit()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => _platform.SetPreferredNode(_address, Page, 4));
        _platform.SetPreferredNode(_address, 4 * Page, 3).ThrowIfRefused();
        Assert.Equal(3, _platform.Snapshot()[0].PreferredNode);
        Assert.Equal(2u, _platform.MappingCount);
        _platform.SetPreferredNode(_address, Page, VmPlatform.AnyNode).ThrowIfRefused();
        Assert.Equal(3u, _platform.MappingCount);
        _platform.Decommit(_address, 4 * Page).ThrowIfRefused();
        Assert.Equal(1u, _platform.MappingCount);
    }

    [Fact]
    public void At_the_cap_a_mapping_is_refused_and_nothing_changes()
    {
        SimulatedPlatform small = new(SimulatedPlatformOptions.PosixLike with { MappingLimit = 2 });
        small.CreateSharedMemory(Page, "memory", out MemoryObjectHandle? created).ThrowIfRefused();
        using MemoryObjectHandle memory = created!;
        small.Reserve(8 * Page, Placement.Anywhere, out nuint address).ThrowIfRefused();
        IReadOnlyList<SimulatedRange> before = small.Snapshot();
        Assert.Equal(RefusalReason.MappingLimit, MapSmall(address + Page).Reason);
        Assert.Equal(before, small.Snapshot());
        Assert.True(MapSmall(address).IsSuccess);
        Assert.Equal(
            RefusalReason.MappingLimit,
            small.MapObjectAnywhere(
                Page, memory, 0, PageProtection.Read, MappingSharing.Shared, Placement.At(1 << 30), out nuint view).Reason);
        Assert.Equal(0u, view);

        SystemReply MapSmall(nuint at) =>
            small.MapObject(at, Page, memory, 0, PageProtection.Read, MappingSharing.Shared);
    }

    private void Map(nuint address, nuint byteCount, ulong offset) => _platform.MapObject(
        address, byteCount, _memory, offset, PageProtection.ReadWrite, MappingSharing.Shared).ThrowIfRefused();

    private MemoryObjectHandle Open(string path, MemoryObjectAccess access, ulong byteCount)
    {
        _platform.OpenFile(path, access, byteCount, out MemoryObjectHandle? handle).ThrowIfRefused();
        return handle!;
    }

    private RefusalReason WhyNot(string path, MemoryObjectAccess access, ulong byteCount)
    {
        SystemReply reply = _platform.OpenFile(path, access, byteCount, out MemoryObjectHandle? handle);
        Assert.Null(handle);
        return reply.Reason;
    }
}
