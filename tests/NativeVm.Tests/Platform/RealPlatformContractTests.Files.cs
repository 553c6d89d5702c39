using NativeVm.Platform;
using NativeVm.Tests.Support;

namespace NativeVm.Tests.Platform;

public abstract partial class RealPlatformContractTests
{
    [CapabilityFact]
    public void A_shared_mapping_of_a_file_is_in_the_file_when_it_is_opened_again()
    {
        using TemporaryFile file = new();
        nuint byteCount = 4 * Granule;
        using (MemoryObjectHandle handle = OpenFile(file, MemoryObjectAccess.ReadWrite, byteCount))
        {
            Assert.Equal(MemoryObjectKind.File, handle.Kind);
            Assert.Equal(file.Path, handle.Name);
            using PlatformView view = new(Subject, byteCount, handle, PageProtection.ReadWrite);
            Assert.False(view.Bytes.ContainsAnyExcept((byte)0));
            view.Bytes.Fill(0x3C);
            Succeed(Subject.Synchronize(view.Address, byteCount));
            Succeed(Subject.SynchronizeObject(handle));
        }

        using MemoryObjectHandle again = OpenFile(file, MemoryObjectAccess.Read, byteCount);
        using PlatformView read = new(Subject, byteCount, again, PageProtection.Read);
        Assert.False(read.Bytes.ContainsAnyExcept((byte)0x3C));
        Assert.Equal((int)byteCount, File.ReadAllBytes(file.Path).Length);
    }

    [CapabilityFact]
    public void The_rest_of_the_last_page_reads_as_zeros_and_a_page_beyond_is_refused()
    {
        using TemporaryFile file = new("seven b"u8);
        using MemoryObjectHandle handle = OpenFile(file, MemoryObjectAccess.Read, 0);
        Assert.Equal(7u, handle.ByteCount);
        using PlatformView view = new(Subject, Page, handle, PageProtection.Read);
        Assert.True(view.Bytes.StartsWith("seven b"u8));
        Assert.False(view.Bytes[7..].ContainsAnyExcept((byte)0));
        SystemReply reply = MapAnywhere(handle, 2 * Page, PageProtection.Read, MappingSharing.Shared);
        Assert.Equal(RefusalReason.InvalidRange, reply.Reason);
        Assert.Contains("end of the object", reply.ToString(), StringComparison.Ordinal);
    }

    [CapabilityFact]
    public void A_file_is_extended_only_when_asked_and_never_cut()
    {
        using TemporaryFile file = new("short"u8);
        SystemReply reply = Subject.OpenFile(file.Path, MemoryObjectAccess.Read, 6, out MemoryObjectHandle? none);
        Assert.Equal(RefusalReason.InvalidRange, reply.Reason);
        Assert.Contains("shorter", reply.ToString(), StringComparison.Ordinal);
        Assert.Null(none);
        Assert.Equal(5, new FileInfo(file.Path).Length);

        using (MemoryObjectHandle longer = OpenFile(file, MemoryObjectAccess.ReadWrite, 3 * Page))
        using (MemoryObjectHandle same = OpenFile(file, MemoryObjectAccess.ReadWrite, 1))
        {
            Assert.Equal(3 * Page, longer.ByteCount);
            Assert.Equal(3 * Page, same.ByteCount);
            Assert.Equal(3 * (long)Page, new FileInfo(file.Path).Length);
        }

        Assert.True(File.ReadAllBytes(file.Path).AsSpan().StartsWith("short"u8));
    }

    [CapabilityFact]
    public void A_file_is_extended_through_its_handle_and_views_of_before_stay()
    {
        using TemporaryFile file = new();
        using MemoryObjectHandle handle = OpenFile(file, MemoryObjectAccess.ReadWrite, Granule);
        using PlatformView before = new(Subject, Granule, handle, PageProtection.ReadWrite);
        before.Bytes.Fill(1);
        Succeed(Subject.ExtendFile(handle, 4 * Granule));
        Succeed(Subject.ExtendFile(handle, 2 * Granule));
        Succeed(Subject.GetObjectByteCount(handle, out ulong byteCount));
        Assert.Equal(4 * (ulong)Granule, byteCount);
        using PlatformView after = new(Subject, 4 * Granule, handle, PageProtection.ReadWrite);
        Assert.False(after.Bytes[..(int)Granule].ContainsAnyExcept((byte)1));
        Assert.False(after.Bytes[(int)Granule..].ContainsAnyExcept((byte)0));
        after.Bytes[0] = 2;
        Assert.Equal(2, before.Bytes[0]);
        using MemoryObjectHandle read = OpenFile(file, MemoryObjectAccess.Read, 0);
        Assert.Equal(SystemOperation.ExtendFile, Subject.ExtendFile(read, 8 * Granule).Operation);
        Assert.True(Subject.ExtendFile(read, 8 * Granule).IsRefused);
        Assert.Equal(4 * (long)Granule, new FileInfo(file.Path).Length);
    }

    [CapabilityFact]
    public void A_file_that_is_not_there_is_made_for_writing_with_a_length_only()
    {
        using TemporaryFile file = new();
        Assert.Equal(RefusalReason.NotFound, Open(file.Path, MemoryObjectAccess.Read, 0).Reason);
        Assert.Equal(RefusalReason.NotFound, Open(file.Path, MemoryObjectAccess.Read, Page).Reason);
        SystemReply reply = Open(file.Path, MemoryObjectAccess.ReadWrite, 0);
        Assert.Equal(RefusalReason.NotFound, reply.Reason);
        Assert.Equal(SystemOperation.OpenFile, reply.Operation);
        Assert.False(File.Exists(file.Path));
        using (MemoryObjectHandle handle = OpenFile(file, MemoryObjectAccess.ReadWrite, Page))
        {
            Assert.Equal(Page, handle.ByteCount);
        }

        Assert.Equal(
            RefusalReason.NotFound, Open(Path.Combine(file.Path, "x"), MemoryObjectAccess.Read, 0).Reason);
    }

    [CapabilityFact]
    public void What_is_open_for_reading_is_never_mapped_shared_and_writable()
    {
        using TemporaryFile file = new(new byte[Page]);
        using MemoryObjectHandle handle = OpenFile(file, MemoryObjectAccess.Read, 0);
        SystemReply reply = MapAnywhere(handle, Page, PageProtection.ReadWrite, MappingSharing.Shared);
        Assert.Equal(RefusalReason.AccessDenied, reply.Reason);
        Assert.Contains("opened for reading only", reply.ToString(), StringComparison.Ordinal);

        using PlatformView view = new(Subject, Page, handle, PageProtection.Read);
        Assert.True(Subject.Protect(view.Address, Page, PageProtection.ReadWrite).IsRefused);
        Assert.Equal(0, view.Bytes[0]);

        Succeed(Subject.MapObjectAnywhere(
            Page, handle, 0, PageProtection.ReadWrite, MappingSharing.CopyOnWrite, Placement.Anywhere, out nuint copy));
        unsafe
        {
            *(byte*)copy = 1;
        }

        Assert.Equal(0, view.Bytes[0]);
        Succeed(Subject.ReleaseObject(copy, Page));
        Assert.Equal(0, File.ReadAllBytes(file.Path)[0]);
    }

    [CapabilityFact]
    public void An_empty_file_is_opened_and_maps_nothing()
    {
        using TemporaryFile file = new([]);
        using MemoryObjectHandle handle = OpenFile(file, MemoryObjectAccess.Read, 0);
        Assert.Equal(0u, handle.ByteCount);
        Assert.Equal(
            RefusalReason.InvalidRange, MapAnywhere(handle, Page, PageProtection.Read, MappingSharing.Shared).Reason);
    }

    [CapabilityFact]
    public void What_is_no_file_is_refused()
    {
        Assert.True(Open(Path.GetTempPath(), MemoryObjectAccess.Read, 0).IsRefused);
        Assert.True(Open(Path.GetTempPath(), MemoryObjectAccess.ReadWrite, Page).IsRefused);
    }

    private protected MemoryObjectHandle OpenFile(TemporaryFile file, MemoryObjectAccess access, nuint byteCount)
    {
        Succeed(Subject.OpenFile(file.Path, access, byteCount, out MemoryObjectHandle? handle));
        Assert.Equal(access, handle!.Access);
        return handle;
    }

    private protected SystemReply MapAnywhere(
        MemoryObjectHandle handle, nuint byteCount, PageProtection protection, MappingSharing sharing)
    {
        SystemReply reply = Subject.MapObjectAnywhere(
            byteCount, handle, 0, protection, sharing, Placement.Anywhere, out nuint address);
        Assert.True(reply.IsRefused);
        Assert.Equal(0u, address);
        return reply;
    }

    private protected SystemReply Open(string path, MemoryObjectAccess access, ulong byteCount)
    {
        SystemReply reply = Subject.OpenFile(path, access, byteCount, out MemoryObjectHandle? handle);
        Assert.Equal(reply.IsRefused, handle is null);
        handle?.Dispose();
        return reply;
    }
}
