using NativeVm.Platform;
using NativeVm.Tests.Support;

namespace NativeVm.Tests.Platform.Posix;

public abstract partial class PosixPlatformContractTests
{
    [CapabilityFact(Needs.Smaps)]
    public void An_object_carries_the_advice_it_is_mapped_with_and_its_removal_leaves_one_mapping()
    {
        const RangeTraits Traits = RangeTraits.ExcludedFromCoreDumps | RangeTraits.ExcludedFromFork;
        using MemoryObjectHandle memory = CreateMemory(8 * Page);
        using PlatformRange range = PlatformRange.Reserve(Subject, 64 * Page, Placement.Aligned(GiB));
        Succeed(Subject.ExcludeFromCoreDumps(range.Address, range.ByteCount));
        Succeed(Subject.SetInheritance(range.Address, range.ByteCount, PageInheritance.None));
        for (nuint start = 8 * Page; start < 56 * Page; start += 16 * Page)
        {
            Succeed(Subject.MapObject(
                range.Address + start, 8 * Page, memory, 0, PageProtection.ReadWrite, MappingSharing.Shared, Traits));
            SmapsEntry entry = SmapsEntry.At(range.Address + start);
            Assert.True(entry.Has("sh") && entry.Has("dd") && entry.Has("dc"));
            Assert.Contains("nativevm-test", entry.Name, StringComparison.Ordinal);
        }

        Succeed(Subject.UnmapObject(range.Address + (8 * Page), 48 * Page, Traits));
        Succeed(Subject.CountMappings(range.Address, range.ByteCount, out nuint count));
        Assert.Equal(1u, count);
        Assert.True(SmapsEntry.At(range.Address).Has("dd"));
    }

    [CapabilityFact(Needs.Smaps)]
    public void An_inheritance_is_the_mappings_flag()
    {
        using PlatformRange range = PlatformRange.Commit(Subject, 4 * Page, Placement.Aligned(GiB));
        Succeed(Subject.SetInheritance(range.Address, range.ByteCount, PageInheritance.None));
        Assert.True(SmapsEntry.At(range.Address).Has("dc"));
        Succeed(Subject.SetInheritance(range.Address, range.ByteCount, PageInheritance.Copy));
        Assert.False(SmapsEntry.At(range.Address).Has("dc"));
        Assert.Equal(
            RefusalReason.NotSupported,
            Subject.SetInheritance(range.Address, range.ByteCount, PageInheritance.Share).Reason);
    }

    [CapabilityFact(Needs.Linux)]
    public void A_mapping_that_goes_on_where_its_neighbour_ends_is_one_with_it()
    {
        using MemoryObjectHandle memory = CreateMemory(8 * Page);
        using PlatformRange range = PlatformRange.Reserve(Subject, 16 * Page, Placement.Aligned(GiB));
        for (nuint start = 0; start < 8 * Page; start += Page)
        {
            Succeed(Subject.MapObject(
                range.Address + start, Page, memory, start, PageProtection.ReadWrite, MappingSharing.Shared));
        }

        Succeed(Subject.CountMappings(range.Address, range.ByteCount, out nuint count));
        Assert.Equal(2u, count);
        Succeed(Subject.UnmapObject(range.Address + Page, 2 * Page));
        Succeed(Subject.CountMappings(range.Address, range.ByteCount, out count));
        Assert.Equal(4u, count);
    }

    [CapabilityFact(Needs.Linux | Needs.Populate)]
    public void Pages_beyond_the_end_of_a_shrunken_file_are_found_by_a_prefault()
    {
        using TemporaryFile file = new();
        using MemoryObjectHandle handle = OpenFile(file, MemoryObjectAccess.ReadWrite, 8 * Page);
        using PlatformView view = new(Subject, 8 * Page, handle, PageProtection.ReadWrite);
        Succeed(Subject.Prefault(view.Address, 8 * Page));
        using (FileStream stream = File.OpenWrite(file.Path))
        {
            stream.SetLength(2 * (long)Page);
        }

        Succeed(Subject.GetObjectByteCount(handle, out ulong byteCount));
        Assert.Equal(2 * Page, byteCount);
        Assert.Equal(8 * Page, handle.ByteCount);
        Assert.True(Subject.Prefault(view.Address, 8 * Page).IsRefused);
        Succeed(Subject.Prefault(view.Address, 2 * Page));
        Assert.Equal(
            RefusalReason.InvalidRange, MapAnywhere(handle, 3 * Page, PageProtection.Read, MappingSharing.Shared).Reason);
    }

    [CapabilityFact(Needs.Linux)]
    public void Directories_devices_and_pipes_are_not_mapped()
    {
        foreach (string path in new[] { "/", "/dev/null", "/proc/self/maps" })
        {
            SystemReply reply = Open(path, MemoryObjectAccess.Read, 0);
            Assert.Equal(RefusalReason.NotSupported, reply.Reason);
            Assert.Contains("no file that can be mapped", reply.ToString(), StringComparison.Ordinal);
        }
    }

    [CapabilityFact(Needs.Linux)]
    public void A_synchronization_of_a_hole_is_invalid_and_anonymous_memory_is_passed_over()
    {
        using PlatformRange range = PlatformRange.Reserve(Subject, 4 * Page, Placement.Aligned(GiB));
        Succeed(Subject.Commit(range.Address, Page, PageProtection.ReadWrite));
        Succeed(Subject.Synchronize(range.Address, 4 * Page));
        nuint address = range.Address;
        range.Dispose();
        Assert.Equal(RefusalReason.InvalidRange, Subject.Synchronize(address, 4 * Page).Reason);
    }

    [CapabilityFact(Needs.Linux)]
    public void Guards_stay_through_purges_and_protections()
    {
        if (!Subject.Supports(PlatformCapabilities.GuardRegions))
        {
            return;
        }

        // A populate finds a guard with an error where an access would end the process.
        using PlatformRange range = PlatformRange.Commit(Subject, 4 * Page, Placement.Aligned(GiB));
        Succeed(Subject.InstallGuard(range.Address + Page, Page));
        Assert.True(Subject.Prefault(range.Address, range.ByteCount).IsRefused);
        Succeed(Subject.Purge(range.Address, range.ByteCount));
        Assert.True(Subject.Prefault(range.Address, range.ByteCount).IsRefused);
        Succeed(Subject.Protect(range.Address, range.ByteCount, PageProtection.None));
        Succeed(Subject.Protect(range.Address, range.ByteCount, PageProtection.ReadWrite));
        Assert.True(Subject.Prefault(range.Address, range.ByteCount).IsRefused);
        Succeed(Subject.RemoveGuard(range.Address, range.ByteCount, PageProtection.ReadWrite));
        Succeed(Subject.Prefault(range.Address, range.ByteCount));
    }
}
