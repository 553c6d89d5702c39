using NativeVm.Platform;
using NativeVm.Tests.Support;

namespace NativeVm.Tests.Platform.Windows;

/// <summary>Sections, files and views.</summary>
public sealed unsafe class WindowsObjectsTests
{
    private const nuint Granule = 65536;

    private static VmPlatform Platform => VmPlatform.Current;

    private static nuint Page => Platform.PageSize;

    [WindowsFact(PlatformCapabilities.SharedMemoryObjects)]
    public void Two_views_of_memory_without_a_name_are_one_memory()
    {
        using MemoryObjectHandle memory = CreateMemory(4 * Granule);
        using PlatformView first = new(Platform, 4 * Granule, memory, PageProtection.ReadWrite);
        using PlatformView second = new(Platform, Granule, memory, PageProtection.Read, default, 3 * Granule);
        Assert.False(first.Bytes.ContainsAnyExcept((byte)0));
        first.Bytes[(int)(3 * Granule)..].Fill(7);
        Assert.False(second.Bytes.ContainsAnyExcept((byte)7));
        Platform.Query(first.Address, out RegionInfo region).ThrowIfRefused();
        Assert.Equal(new(first.Address, 4 * Granule, PageState.Committed, PageProtection.ReadWrite), region);
        Platform.Query(second.Address, out region).ThrowIfRefused();
        Assert.Equal(PageProtection.Read, region.Protection);
        Assert.Equal(4 * Granule, memory.ByteCount);
    }

    [WindowsFact(PlatformCapabilities.SharedMemoryObjects)]
    public void A_copy_on_write_view_keeps_its_writes_and_can_be_protected_and_back()
    {
        using MemoryObjectHandle memory = CreateMemory(Granule);
        using PlatformView shared = new(Platform, Granule, memory, PageProtection.ReadWrite);
        shared.Bytes.Fill(1);
        Map(memory, Granule, PageProtection.ReadWrite, MappingSharing.CopyOnWrite, out nuint copy).ThrowIfRefused();
        Span<byte> bytes = new((void*)copy, (int)Granule);
        Assert.False(bytes.ContainsAnyExcept((byte)1));
        bytes[..(int)Page].Fill(2);
        Platform.Protect(copy, Granule, PageProtection.Read).ThrowIfRefused();
        Platform.Protect(copy, Granule, PageProtection.ReadWrite).ThrowIfRefused();
        bytes[^1] = 3;
        Assert.False(shared.Bytes.ContainsAnyExcept((byte)1));
        Assert.False(bytes[..(int)Page].ContainsAnyExcept((byte)2));
        Platform.ReleaseObject(copy, Granule).ThrowIfRefused();
    }

    [WindowsFact(PlatformCapabilities.SharedMemoryObjects)]
    public void A_view_goes_where_the_placement_says_and_replaces_nothing()
    {
        using MemoryObjectHandle memory = CreateMemory(2 * Granule);
        using PlatformView low = new(
            Platform, Granule, memory, PageProtection.ReadWrite, Placement.Below((nuint)1 << 31));
        Assert.True(low.Address + Granule <= (nuint)1 << 31);
        low.Bytes.Fill(5);
        using PlatformView aligned = new(
            Platform, Granule, memory, PageProtection.Read, Placement.Aligned((nuint)1 << 30));
        Assert.Equal(0u, aligned.Address & (((nuint)1 << 30) - 1));
        SystemReply reply = Platform.MapObjectAnywhere(
            Granule, memory, 0, PageProtection.Read, MappingSharing.Shared, Placement.At(low.Address), out nuint address);
        Assert.Equal(RefusalReason.AddressInUse, reply.Reason);
        Assert.Equal(SystemOperation.MapObjectAnywhere, reply.Operation);
        Assert.Equal(0u, address);
        Assert.False(low.Bytes.ContainsAnyExcept((byte)5));
    }

    [WindowsFact(PlatformCapabilities.SharedMemoryObjects)]
    public void One_view_is_written_and_the_other_executed()
    {
        using MemoryObjectHandle memory = CreateMemory(Granule);
        using PlatformView writable = new(Platform, Granule, memory, PageProtection.ReadWrite);
        using PlatformView executable = new(Platform, Granule, memory, PageProtection.ReadExecute);
        Platform.Query(executable.Address, out RegionInfo region).ThrowIfRefused();
        Assert.Equal(PageProtection.ReadExecute, region.Protection);
        if (System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture
            == System.Runtime.InteropServices.Architecture.X64)
        {
            new byte[] { 0xB8, 42, 0, 0, 0, 0xC3 }.CopyTo(writable.Bytes);
            Assert.Equal(42, ((delegate* unmanaged<int>)executable.Address)());
        }
    }

    [WindowsFact(PlatformCapabilities.SharedMemoryObjects)]
    public void A_shared_view_of_a_file_is_in_the_file_when_it_is_opened_again()
    {
        using TemporaryFile file = new();
        Assert.Equal(RefusalReason.NotFound, Open(file.Path, MemoryObjectAccess.Read, 0));
        Assert.Equal(RefusalReason.NotFound, Open(file.Path, MemoryObjectAccess.ReadWrite, 0));
        using (MemoryObjectHandle handle = OpenFile(file, MemoryObjectAccess.ReadWrite, 2 * Granule))
        {
            using PlatformView view = new(Platform, 2 * Granule, handle, PageProtection.ReadWrite);
            view.Bytes.Fill(0x3C);
            Platform.Synchronize(view.Address, 2 * Granule).ThrowIfRefused();
            Platform.SynchronizeObject(handle).ThrowIfRefused();
            Platform.GetObjectByteCount(handle, out ulong byteCount).ThrowIfRefused();
            Assert.Equal(2 * Granule, byteCount);
        }

        using MemoryObjectHandle again = OpenFile(file, MemoryObjectAccess.Read, 0);
        using PlatformView read = new(Platform, 2 * Granule, again, PageProtection.Read);
        Assert.False(read.Bytes.ContainsAnyExcept((byte)0x3C));
    }

    [WindowsFact(PlatformCapabilities.SharedMemoryObjects)]
    public void What_a_file_cannot_give_is_refused_before_it_is_mapped()
    {
        using TemporaryFile file = new("seven b"u8);
        Assert.Equal(RefusalReason.InvalidRange, Open(file.Path, MemoryObjectAccess.Read, 8));
        using MemoryObjectHandle handle = OpenFile(file, MemoryObjectAccess.Read, 0);
        Assert.Equal(
            RefusalReason.AccessDenied,
            Map(handle, Page, PageProtection.ReadWrite, MappingSharing.Shared, out nuint address).Reason);
        Assert.Equal(
            RefusalReason.InvalidRange,
            Map(handle, 2 * Page, PageProtection.Read, MappingSharing.Shared, out address).Reason);
        Assert.Equal(0u, address);
        using PlatformView view = new(Platform, Page, handle, PageProtection.Read);
        Assert.True(view.Bytes.StartsWith("seven b"u8));
        Assert.False(view.Bytes[7..].ContainsAnyExcept((byte)0));

        using TemporaryFile empty = new([]);
        using MemoryObjectHandle nothing = OpenFile(empty, MemoryObjectAccess.Read, 0);
        Assert.Equal(
            RefusalReason.InvalidRange,
            Map(nothing, Page, PageProtection.Read, MappingSharing.Shared, out _).Reason);
        Assert.NotEqual(RefusalReason.None, Open(Path.GetTempPath(), MemoryObjectAccess.Read, 0));
    }

    [WindowsFact(PlatformCapabilities.SharedMemoryObjects)]
    public void Calls_on_views_allocate_nothing()
    {
        using MemoryObjectHandle memory = CreateMemory(Granule);
        bool succeeded = true;
        long allocated = ManagedAllocations.Of(() =>
            succeeded &= Map(memory, Granule, PageProtection.ReadWrite, MappingSharing.Shared, out nuint view).IsSuccess
                && Platform.Synchronize(view, Granule).IsSuccess
                && Platform.GetObjectByteCount(memory, out _).IsSuccess
                && Platform.ReleaseObject(view, Granule).IsSuccess);
        Assert.True(succeeded);
        Assert.Equal(0, allocated);
    }

    [WindowsFact]
    public void Without_placeholders_nothing_is_replaced_and_the_refusal_says_so()
    {
        if (Platform.Supports(PlatformCapabilities.Placeholders))
        {
            return;
        }

        using MemoryObjectHandle memory = CreateMemory(Granule);
        using Reservation range = new(Granule);
        Assert.Equal(
            RefusalReason.NotSupported, Platform.ReservePlaceholder(Granule, Placement.Anywhere, out _).Reason);
        Assert.Equal(
            RefusalReason.NotSupported,
            Platform.MapObject(
                range.Address, Granule, memory, 0, PageProtection.Read, MappingSharing.Shared).Reason);
        Assert.Equal(PageState.Reserved, range.Query().State);
    }

    [WindowsFact(PlatformCapabilities.Placeholders)]
    public void A_placeholder_is_split_replaced_and_put_back()
    {
        using MemoryObjectHandle memory = CreateMemory(4 * Granule);
        using PlatformRange range = PlatformRange.ReservePlaceholder(Platform, 16 * Granule);
        for (int round = 0; round < 2; round++)
        {
            MapAt(range.Address + (4 * Granule), memory);
            MapAt(range.Address + (8 * Granule), memory);
            range.Bytes(4 * Granule, 4 * Granule).Fill((byte)(round + 1));
            Assert.False(range.Bytes(8 * Granule, 4 * Granule).ContainsAnyExcept((byte)(round + 1)));
            Platform.UnmapObject(range.Address + (4 * Granule), 4 * Granule).ThrowIfRefused();
            Platform.UnmapObject(range.Address + (8 * Granule), 4 * Granule).ThrowIfRefused();
        }

        // Across what were two views, and then committed as if nothing had been there.
        MapAt(range.Address + (6 * Granule), memory);
        Platform.UnmapObject(range.Address + (6 * Granule), 4 * Granule).ThrowIfRefused();
        Platform.Commit(range.Address, range.ByteCount, PageProtection.ReadWrite).ThrowIfRefused();
        Assert.False(range.Bytes().ContainsAnyExcept((byte)0));
        range.Bytes().Fill(9);
        Platform.Protect(range.Address, range.ByteCount, PageProtection.Read).ThrowIfRefused();
        Platform.Decommit(range.Address, range.ByteCount).ThrowIfRefused();
        Platform.Query(range.Address, out RegionInfo region).ThrowIfRefused();
        Assert.Equal(PageState.Reserved, region.State);
        MapAt(range.Address, memory);
    }

    [WindowsFact]
    public void Guards_are_installed_and_removed()
    {
        using Reservation range = new Reservation(4 * Granule).Commit();
        range.Bytes.Fill(1);
        Platform.InstallGuard(range.Address + Granule, Granule).ThrowIfRefused();
        Assert.Equal(PageProtection.None, range.Query(Granule).Protection);
        Assert.Equal(PageProtection.ReadWrite, range.Query().Protection);
        Platform.RemoveGuard(range.Address + Granule, Granule, PageProtection.ReadWrite).ThrowIfRefused();
        range.Bytes[(int)Granule..].Fill(2);
        Assert.Equal(1, range.Bytes[0]);
        Platform.SetInheritance(range.Address, range.ByteCount, PageInheritance.None).ThrowIfRefused();
        Assert.True(Platform.NumaNodeCount >= 1);
    }

    [WindowsFact]
    public void Large_pages_are_there_or_the_refusal_names_the_right()
    {
        nuint huge = Platform.HugePageSize;
        if (huge == 0 || Platform.Supports(PlatformCapabilities.ExplicitHugePages))
        {
            return;
        }

        using Reservation range = new(huge, Placement.Aligned(huge));
        SystemReply reply = Platform.CommitHugePages(range.Address, huge, PageProtection.ReadWrite);
        Assert.True(reply.Reason is RefusalReason.NotSupported or RefusalReason.AccessDenied or RefusalReason.InvalidRange);
        Assert.True(
            reply.Reason == RefusalReason.InvalidRange
                || reply.ToString().Contains("SeLockMemoryPrivilege", StringComparison.Ordinal));
        Assert.Equal(PageState.Reserved, range.Query().State);
    }

    private static MemoryObjectHandle CreateMemory(nuint byteCount)
    {
        Platform.CreateSharedMemory(byteCount, "test", out MemoryObjectHandle? handle).ThrowIfRefused();
        return handle!;
    }

    private static MemoryObjectHandle OpenFile(TemporaryFile file, MemoryObjectAccess access, nuint byteCount)
    {
        Platform.OpenFile(file.Path, access, byteCount, out MemoryObjectHandle? handle).ThrowIfRefused();
        return handle!;
    }

    private static RefusalReason Open(string path, MemoryObjectAccess access, ulong byteCount)
    {
        SystemReply reply = Platform.OpenFile(path, access, byteCount, out MemoryObjectHandle? handle);
        Assert.Equal(reply.IsRefused, handle is null);
        handle?.Dispose();
        return reply.Reason;
    }

    private static SystemReply Map(
        MemoryObjectHandle handle,
        nuint byteCount,
        PageProtection protection,
        MappingSharing sharing,
        out nuint address) => Platform.MapObjectAnywhere(
            byteCount, handle, 0, protection, sharing, Placement.Anywhere, out address);

    private static void MapAt(nuint address, MemoryObjectHandle memory) => Platform.MapObject(
        address, 4 * Granule, memory, 0, PageProtection.ReadWrite, MappingSharing.Shared).ThrowIfRefused();
}
