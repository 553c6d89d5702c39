using NativeVm.Platform;
using NativeVm.Tests.Support;

namespace NativeVm.Tests.Map;

/// <summary>Objects behind entries, on real pages; where the system cannot, the map says so.</summary>
public sealed unsafe class ObjectTests
{
    private const nuint MiB = 1 << 20;
    private const nuint Size = 1 << 18;

    private static readonly VmPlatform System = VmPlatform.Current;

    [Fact]
    public void One_object_at_two_places_is_the_same_memory_and_removal_leaves_one_mapping()
    {
        using VmMap map = TestMaps.Real(16 * MiB);
        Assert.True(System.CreateSharedMemory(Size, "twice", out MemoryObjectHandle? handle).IsSuccess);
        using MemoryObjectHandle source = handle!;
        VmResult result = map.MapObject(Size, 1, source, 0, PageProtection.ReadWrite, MappingSharing.Shared, 1, out nuint first);
        if (!map.SupportsObjects)
        {
            Assert.Equal(RefusalReason.NotSupported, result.Refusal.Reason);
            return;
        }

        Assert.Equal(VmResult.Success, result);
        Assert.Equal(VmResult.Success, map.MapObject(Size, 1, source, 0, PageProtection.ReadWrite, MappingSharing.Shared, 2, out nuint second));
        *(int*)first = 42;
        Assert.Equal(42, *(int*)second);
        Assert.Equal(VmResult.Success, map.MapObject(Size, 1, source, 0, PageProtection.ReadWrite, MappingSharing.CopyOnWrite, 3, out nuint copy));
        *(int*)copy = 7;
        Assert.Equal(42, *(int*)first);
        map.Validate();
        Assert.Equal(VmResult.InvalidArgument, map.Decommit(first, Size));
        Assert.Equal(VmResult.InvalidArgument, map.Advise(first, Size, VmAdvice.DontNeed));
        Assert.Equal(VmResult.Success, map.Synchronize(first, 2 * Size));
        Assert.Equal(VmResult.InvalidAddress, map.Synchronize(first, 4 * Size));
        Assert.Equal(VmResult.Success, map.Remove(map.MinAddress, 16 * MiB));
        Assert.Equal((nuint)1, map.GetStatistics().MappingCount);
        Assert.Equal((nuint)0, map.GetStatistics().CommittedByteCount);
        map.Validate();
    }

    [CapabilityFact(Needs.Placeholders | Needs.SharedMemoryObjects)]
    public void A_map_made_for_objects_has_them_beside_memory_on_every_system_that_can()
    {
        using VmMap map = new(new VmMapOptions { ByteCount = 16 * MiB, TakesObjects = true });
        Assert.True(map.SupportsObjects);
        Assert.True(System.CreateSharedMemory(2 * Size, "beside", out MemoryObjectHandle? handle).IsSuccess);
        using MemoryObjectHandle source = handle!;
        nuint at = map.MinAddress;
        map.FindFixed(at, 3 * Size, VmEntryAttributes.ReadWrite).ThrowIfFailed();
        new Span<byte>((void*)at, 3 * (int)Size).Fill(1);
        map.MapObjectFixed(at + (3 * Size), 2 * Size, source, 0, PageProtection.ReadWrite, MappingSharing.Shared).ThrowIfFailed();
        map.MapObjectFixed(at + Size, Size, source, Size, PageProtection.ReadWrite, MappingSharing.Shared, replace: true).ThrowIfFailed();
        *(int*)(at + (4 * Size)) = 42;
        Assert.Equal(42, *(int*)(at + Size));
        Assert.Equal(1, *(byte*)(at + Size - 1));
        Assert.Equal(1, *(byte*)(at + (2 * Size)));
        map.Protect(at, 5 * Size, PageProtection.Read).ThrowIfFailed();
        map.Protect(at + (3 * Size) + map.PageSize, Size, PageProtection.ReadWrite).ThrowIfFailed();
        *(int*)(at + (4 * Size)) = 43;
        Assert.Equal(43, *(int*)(at + Size));
        Assert.Equal(map.ClipsObjects, map.Remove(at + (4 * Size), Size).IsSuccess);
        map.Remove(at, 5 * Size).ThrowIfFailed();
        map.Find(2 * Size, VmEntryAttributes.ReadWrite, out nuint again).ThrowIfFailed();
        Assert.Equal(at, again);
        Assert.False(new Span<byte>((void*)at, 2 * (int)Size).ContainsAnyExcept((byte)0));
        map.Decommit(at + map.PageSize, Size).ThrowIfFailed();
        map.Commit(at, 2 * Size, PageProtection.ReadWrite).ThrowIfFailed();
        *(int*)(at + Size) = 7;
        map.Validate();
    }

    [CapabilityFact(Needs.Placeholders | Needs.Posix)]
    public void A_mapping_takes_the_place_of_entries_only_when_told_so()
    {
        using VmMap map = TestMaps.Real(4 * MiB);
        Assert.True(System.CreateSharedMemory(Size, "over", out MemoryObjectHandle? handle).IsSuccess);
        using MemoryObjectHandle source = handle!;
        Assert.Equal(VmResult.Success, map.FindFixed(map.MinAddress, 2 * Size, VmEntryAttributes.ReadWrite));
        *(int*)map.MinAddress = 1;
        nuint at = map.MinAddress;
        Assert.Equal(VmResult.NoSpace, map.MapObjectFixed(at, Size, source, 0, PageProtection.Read, MappingSharing.Shared));
        Assert.Equal(1, *(int*)at);
        Assert.Equal(VmResult.Success, map.MapObjectFixed(at, Size, source, 0, PageProtection.Read, MappingSharing.Shared, replace: true));
        Assert.Equal(0, *(int*)at);
        Assert.Equal((nuint)2, map.GetStatistics().EntryCount);
        Assert.Equal(2 * Size, map.GetStatistics().CommittedByteCount);
        Assert.Equal(VmResult.Success, map.Wire(at + Size, map.PageSize));
        Assert.Equal(VmResult.InvalidArgument, map.MapObjectFixed(at, 2 * Size, source, 0, PageProtection.Read, MappingSharing.Shared, replace: true));
        map.Validate();
    }

    [CapabilityFact(Needs.Placeholders | Needs.Posix)]
    public void A_file_keeps_what_was_written_and_one_opened_for_reading_is_never_mapped_writable()
    {
        string path = Path.Combine(Path.GetTempPath(), $"nativevm-{Guid.NewGuid():N}");
        try
        {
            using VmMap map = TestMaps.Real(4 * MiB);
            Assert.True(System.OpenFile(path, MemoryObjectAccess.ReadWrite, Size, out MemoryObjectHandle? writable).IsSuccess);
            Assert.Equal(VmResult.Success, map.MapObject(Size, 1, writable!, 0, PageProtection.ReadWrite, MappingSharing.Shared, 0, out nuint address));
            writable!.Dispose();
            *(long*)(address + Size - 8) = 0x1122334455667788;
            Assert.Equal(VmResult.Success, map.Synchronize(address, Size));
            Assert.Equal(VmResult.Success, map.Remove(address, Size));
            Assert.Equal(0x1122334455667788, BitConverter.ToInt64(File.ReadAllBytes(path), (int)Size - 8));

            Assert.True(System.OpenFile(path, MemoryObjectAccess.Read, 0, out MemoryObjectHandle? handle).IsSuccess);
            using MemoryObjectHandle readable = handle!;
            VmResult refused = map.MapObject(Size, 1, readable, 0, PageProtection.ReadWrite, MappingSharing.Shared, 0, out _);
            Assert.Equal(VmResult.ProtectionFailure, refused);
            Assert.Equal(VmResult.Success, map.MapObject(Size, 1, readable, 0, PageProtection.Read, MappingSharing.Shared, 0, out address));
            Assert.Equal(VmResult.ProtectionFailure, map.Protect(address, Size, PageProtection.ReadWrite));
            VmResult beyond = map.MapObject(2 * Size, 1, readable, Size, PageProtection.Read, MappingSharing.Shared, 0, out _);
            Assert.Equal(RefusalReason.InvalidRange, beyond.Refusal.Reason);
            map.Validate();
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void An_inheritance_belongs_to_the_entry_and_an_unknown_one_is_an_invalid_argument()
    {
        using VmMap map = TestMaps.Real(MiB);
        Assert.Equal(VmResult.Success, map.FindFixed(map.MinAddress, 4 * map.PageSize, VmEntryAttributes.ReadWrite));
        Assert.Equal(VmResult.InvalidArgument, map.Inherit(map.MinAddress, map.PageSize, (PageInheritance)9));
        VmResult result = map.Inherit(map.MinAddress, map.PageSize, PageInheritance.None);
        Assert.Equal(System.Supports(PageInheritance.None, MappingSharing.CopyOnWrite), result.IsSuccess);
        Assert.Equal(VmResult.Success, map.Inherit(map.MinAddress, map.PageSize, PageInheritance.Copy));
        Assert.Equal((nuint)1, map.GetStatistics().EntryCount);
        Assert.Equal(VmResult.Success, map.Remove(map.MinAddress, 4 * map.PageSize));
        Assert.Equal((nuint)1, map.GetStatistics().MappingCount);
    }
}
