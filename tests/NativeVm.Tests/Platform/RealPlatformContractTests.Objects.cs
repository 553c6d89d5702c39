using NativeVm.Platform;
using NativeVm.Tests.Support;

namespace NativeVm.Tests.Platform;

public abstract unsafe partial class RealPlatformContractTests
{
    [CapabilityFact(Needs.SharedMemoryObjects | Needs.Placeholders)]
    public void An_object_mapped_twice_in_a_row_is_one_memory_without_a_seam()
    {
        nuint half = 4 * Granule;
        using MemoryObjectHandle memory = CreateMemory(half);
        using PlatformRange range = ReservePlaceholder(2 * half);
        Succeed(Subject.MapObject(range.Address, half, memory, 0, PageProtection.ReadWrite, MappingSharing.Shared));
        Succeed(Subject.MapObject(range.Address + half, half, memory, 0, PageProtection.ReadWrite, MappingSharing.Shared));
        Assert.False(range.Bytes().ContainsAnyExcept((byte)0));

        // A span over the seam goes on at the beginning of the object.
        Span<byte> seam = range.Bytes(half - 3, 6);
        "across"u8.CopyTo(seam);
        Assert.True(range.Bytes(0, 3).SequenceEqual("oss"u8));
        Assert.True(range.Bytes((2 * half) - 3, 3).SequenceEqual("acr"u8));
    }

    [CapabilityFact(Needs.SharedMemoryObjects | Needs.Placeholders)]
    public void A_copy_on_write_mapping_keeps_its_writes_to_itself()
    {
        using MemoryObjectHandle memory = CreateMemory(4 * Granule);
        using PlatformRange range = ReservePlaceholder(8 * Granule);
        Map(range, 0, 4 * Granule, memory, PageProtection.ReadWrite, MappingSharing.Shared);
        range.Bytes(0, 4 * Granule).Fill(1);
        Map(range, 4 * Granule, 4 * Granule, memory, PageProtection.ReadWrite, MappingSharing.CopyOnWrite);
        Span<byte> copy = range.Bytes(4 * Granule, 4 * Granule);
        Assert.False(copy.ContainsAnyExcept((byte)1));
        copy[..(int)Granule].Fill(2);
        Assert.False(range.Bytes(0, 4 * Granule).ContainsAnyExcept((byte)1));
        range.Bytes(0, (nuint)Granule).Fill(3);
        Assert.False(copy[..(int)Granule].ContainsAnyExcept((byte)2));
    }

    [CapabilityFact(Needs.SharedMemoryObjects | Needs.Placeholders)]
    public void A_copy_on_write_mapping_can_be_protected_to_anything_and_back()
    {
        using MemoryObjectHandle memory = CreateMemory(Granule);
        using PlatformRange range = ReservePlaceholder(Granule);
        Map(range, 0, Granule, memory, PageProtection.Read, MappingSharing.CopyOnWrite);
        foreach (PageProtection protection in new[]
        {
            PageProtection.ReadWrite, PageProtection.None, PageProtection.Read, PageProtection.ReadWrite,
        })
        {
            Succeed(Subject.Protect(range.Address, Granule, protection));
            AssertRegionProtection(range.Address, protection);
        }

        range.Bytes().Fill(7);
        Succeed(Subject.Protect(range.Address, Page, PageProtection.ReadExecute));
        Assert.False(range.Bytes().ContainsAnyExcept((byte)7));
    }

    [CapabilityFact(Needs.SharedMemoryObjects | Needs.Placeholders)]
    public void An_object_takes_the_place_of_what_is_committed_and_gives_back_one_reservation()
    {
        using MemoryObjectHandle memory = CreateMemory(8 * Granule);
        using PlatformRange range = ReservePlaceholder(64 * Granule);
        if (Subject.Supports(PlatformCapabilities.RangesSpanReservations))
        {
            Succeed(Subject.Commit(range.Address + (4 * Granule), 16 * Granule, PageProtection.ReadWrite));
            range.Bytes(4 * Granule, 16 * Granule).Fill(9);
        }

        Map(range, 8 * Granule, 8 * Granule, memory, PageProtection.ReadWrite, MappingSharing.Shared);
        Assert.False(range.Bytes(8 * Granule, 8 * Granule).ContainsAnyExcept((byte)0));
        range.Bytes(8 * Granule, 8 * Granule).Fill(1);
        AssertRegion(range.Address + (8 * Granule), PageState.Committed, PageProtection.ReadWrite);

        Succeed(Subject.UnmapObject(range.Address + (8 * Granule), 8 * Granule));
        AssertRegion(range.Address + (8 * Granule), PageState.Reserved, PageProtection.None);
        Succeed(Subject.Decommit(range.Address, range.ByteCount));
        if (Subject.CountMappings(range.Address, range.ByteCount, out nuint count).IsSuccess
            && Subject.Supports(PlatformCapabilities.RangesSpanReservations))
        {
            Assert.Equal(1u, count);
        }

        // The object has kept what was written; memory committed where it was is fresh.
        Succeed(Subject.Commit(range.Address + (8 * Granule), Granule, PageProtection.ReadWrite));
        Assert.False(range.Bytes(8 * Granule, Granule).ContainsAnyExcept((byte)0));
        Map(range, 32 * Granule, 8 * Granule, memory, PageProtection.Read, MappingSharing.Shared);
        Assert.False(range.Bytes(32 * Granule, 8 * Granule).ContainsAnyExcept((byte)1));
    }

    [CapabilityFact(Needs.SharedMemoryObjects)]
    public void One_view_is_written_and_the_other_executed()
    {
        // Both return 42.
        byte[]? code = System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture switch
        {
            System.Runtime.InteropServices.Architecture.X64 => [0xB8, 42, 0, 0, 0, 0xC3],
            System.Runtime.InteropServices.Architecture.Arm64 => [0x40, 0x05, 0x80, 0x52, 0xC0, 0x03, 0x5F, 0xD6],
            _ => null,
        };
        if (code is null)
        {
            return;
        }

        using MemoryObjectHandle memory = CreateMemory(Granule);
        using PlatformView writable = new(Subject, Granule, memory, PageProtection.ReadWrite);
        code.CopyTo(writable.Bytes);
        using PlatformView executable = new(Subject, Granule, memory, PageProtection.ReadExecute);
        Assert.Equal(42, ((delegate* unmanaged<int>)executable.Address)());
        Assert.ThrowsAny<ArgumentException>(() => Subject.MapObjectAnywhere(
            Granule,
            memory,
            0,
            PageProtection.ReadWrite | PageProtection.Execute,
            MappingSharing.Shared,
            Placement.Anywhere,
            out _));
    }

    [CapabilityFact(Needs.SharedMemoryObjects)]
    public void An_object_goes_to_free_addresses_where_the_placement_says()
    {
        using MemoryObjectHandle memory = CreateMemory(4 * Granule);
        using PlatformView first = new(Subject, 4 * Granule, memory, PageProtection.ReadWrite);
        first.Bytes.Fill(5);

        // Around the first view others may have filled everything; here there has just been room.
        nuint middle;
        using (PlatformRange room = PlatformRange.Reserve(Subject, 4 * GiB))
        {
            middle = room.Address + (2 * GiB);
        }

        foreach (Placement placement in new[]
        {
            Placement.Aligned(GiB), Placement.Below(4 * GiB), Placement.Within(middle, 2 * GiB),
        })
        {
            using PlatformView other = new(Subject, 3 * Granule, memory, PageProtection.Read, placement, Granule);
            Assert.False(other.Bytes.ContainsAnyExcept((byte)5));
            Assert.Equal(0u, other.Address & (nuint.Max(placement.Alignment, Granule) - 1));
            Assert.True(placement.HighestAddress == 0 || other.Address + (3 * Granule) <= placement.HighestAddress);
        }

        SystemReply reply = Subject.MapObjectAnywhere(
            Granule,
            memory,
            0,
            PageProtection.Read,
            MappingSharing.Shared,
            Placement.At(first.Address + Granule),
            out nuint address);
        Assert.Equal(RefusalReason.AddressInUse, reply.Reason);
        Assert.Equal(SystemOperation.MapObjectAnywhere, reply.Operation);
        Assert.Equal(0u, address);
        Assert.False(first.Bytes.ContainsAnyExcept((byte)5));
    }

    [CapabilityFact(Needs.SharedMemoryObjects)]
    public void An_object_is_mapped_again_where_it_was()
    {
        using MemoryObjectHandle memory = CreateMemory(4 * Granule);
        for (int attempt = 0; attempt < 100; attempt++)
        {
            nuint place;
            using (PlatformView view = new(Subject, 4 * Granule, memory, PageProtection.ReadWrite, Placement.Aligned(GiB)))
            {
                place = view.Address;
            }

            if (Subject.MapObjectAnywhere(
                4 * Granule, memory, 0, PageProtection.Read, MappingSharing.Shared, Placement.At(place), out nuint address)
                .IsSuccess)
            {
                Assert.Equal(place, address);
                Succeed(Subject.ReleaseObject(address, 4 * Granule));
                return;
            }
        }

        Assert.Fail("The place was not given again in a hundred attempts.");
    }

    [CapabilityFact(Needs.SharedMemoryObjects)]
    public void A_mapping_outlives_its_handle_and_a_closed_handle_maps_nothing()
    {
        MemoryObjectHandle memory = CreateMemory(Granule);
        using PlatformView view = new(Subject, Granule, memory, PageProtection.ReadWrite);
        memory.Dispose();
        view.Bytes.Fill(8);
        Assert.Throws<ObjectDisposedException>(() => Subject.MapObjectAnywhere(
            Granule, memory, 0, PageProtection.Read, MappingSharing.Shared, Placement.Anywhere, out _));
        Assert.Throws<ObjectDisposedException>(() => Subject.GetObjectByteCount(memory, out _));
        Assert.False(view.Bytes.ContainsAnyExcept((byte)8));
    }

    [CapabilityFact(Needs.SharedMemoryObjects)]
    public void Misused_objects_throw()
    {
        using MemoryObjectHandle memory = CreateMemory(4 * Granule);
        using MemoryObjectHandle alien = AlienObject();
        using PlatformRange range = PlatformRange.Reserve(Subject, 4 * Granule);
        Assert.Throws<ArgumentOutOfRangeException>(() => Subject.CreateSharedMemory(0, "", out _));
        Assert.ThrowsAny<ArgumentException>(() => Subject.CreateSharedMemory(Page + 1, "", out _));
        Assert.ThrowsAny<ArgumentException>(() => Subject.OpenFile("", MemoryObjectAccess.Read, 0, out _));
        Assert.ThrowsAny<ArgumentException>(() => Subject.OpenFile("a\0b", MemoryObjectAccess.Read, 0, out _));
        Assert.ThrowsAny<ArgumentException>(() => Map(memory, 0, Granule, offset: 1));
        Assert.ThrowsAny<ArgumentException>(() => Map(memory, 1, Granule, offset: 0));
        Assert.ThrowsAny<ArgumentException>(() => Map(memory, 0, Granule + 1, offset: 0));
        Assert.ThrowsAny<ArgumentException>(() => Map(memory, 0, Granule, offset: ulong.MaxValue - Granule + 1));
        Assert.ThrowsAny<ArgumentException>(() => Map(alien, 0, Granule, offset: 0));
        Assert.ThrowsAny<ArgumentException>(() => Subject.ExtendFile(memory, 8 * Granule));
        Assert.ThrowsAny<ArgumentException>(() => Subject.GetObjectByteCount(alien, out _));
        AssertRegion(range.Address, PageState.Reserved, PageProtection.None);

        void Map(MemoryObjectHandle handle, nuint start, nuint byteCount, ulong offset) => Subject.MapObject(
            range.Address + start, byteCount, handle, offset, PageProtection.Read, MappingSharing.Shared);
    }

    [CapabilityFact(Needs.SharedMemoryObjects | Needs.Placeholders)]
    public void Pages_beyond_the_end_of_an_object_are_refused_and_nothing_changes()
    {
        using MemoryObjectHandle memory = CreateMemory(4 * Granule);
        using PlatformRange range = ReservePlaceholder(8 * Granule);
        Map(range, 0, 2 * Granule, memory, PageProtection.ReadWrite, MappingSharing.Shared);
        range.Bytes(0, 2 * Granule).Fill(4);
        SystemReply reply = Subject.MapObject(
            range.Address + (4 * Granule), 4 * Granule, memory, Granule, PageProtection.Read, MappingSharing.Shared);
        Assert.Equal(RefusalReason.InvalidRange, reply.Reason);
        Assert.Contains("end of the object", reply.ToString(), StringComparison.Ordinal);
        reply = Subject.MapObjectAnywhere(
            Granule, memory, 4 * Granule, PageProtection.Read, MappingSharing.Shared, Placement.Anywhere, out nuint address);
        Assert.Equal(RefusalReason.InvalidRange, reply.Reason);
        Assert.Equal(0u, address);
        Assert.False(range.Bytes(0, 2 * Granule).ContainsAnyExcept((byte)4));
        AssertRegion(range.Address + (4 * Granule), PageState.Reserved, PageProtection.None);
    }

    private protected MemoryObjectHandle CreateMemory(nuint byteCount)
    {
        Succeed(Subject.CreateSharedMemory(byteCount, "nativevm-test", out MemoryObjectHandle? handle));
        Assert.Equal(MemoryObjectKind.SharedMemory, handle!.Kind);
        Assert.Equal(MemoryObjectAccess.ReadWrite, handle.Access);
        Assert.Equal(byteCount, handle.ByteCount);
        return handle;
    }

    private protected PlatformRange ReservePlaceholder(nuint byteCount) =>
        PlatformRange.ReservePlaceholder(Subject, byteCount, Placement.Aligned(GiB));

    private protected void Map(
        PlatformRange range,
        nuint start,
        nuint byteCount,
        MemoryObjectHandle handle,
        PageProtection protection,
        MappingSharing sharing) =>
        Succeed(Subject.MapObject(range.Address + start, byteCount, handle, 0, protection, sharing));

    private void AssertRegionProtection(nuint address, PageProtection protection)
    {
        if (Subject.Query(address, out RegionInfo region).IsSuccess)
        {
            Assert.Equal(protection, region.Protection);
        }
    }

    private static MemoryObjectHandle AlienObject()
    {
        new NativeVm.Testing.SimulatedPlatform().CreateSharedMemory(
            1 << 20, "alien", out MemoryObjectHandle? handle).ThrowIfRefused();
        return handle!;
    }
}
