using NativeVm.Platform;
using NativeVm.Tests.Support;

namespace NativeVm.Tests.Platform;

public abstract partial class RealPlatformContractTests
{
    [CapabilityFact]
    public void No_call_allocates_on_the_managed_heap()
    {
        VmPlatform platform = Subject;
        using PlatformRange anchor = PlatformRange.Reserve(platform, MiB);
        Placement[] placements =
        [
            Placement.Anywhere, Placement.Aligned(GiB), Placement.Below(4 * GiB), Placement.Within(anchor.Address, 2 * GiB),
        ];

        bool succeeded = true;
        long allocated = ManagedAllocations.Of(() =>
        {
            foreach (ref readonly Placement placement in placements.AsSpan())
            {
                succeeded &= EveryCall(platform, placement);
            }
        });
        Assert.True(succeeded);
        Assert.Equal(0, allocated);
    }

    [CapabilityFact(Needs.SharedMemoryObjects | Needs.Placeholders)]
    public void No_call_on_an_object_or_a_guard_allocates_on_the_managed_heap()
    {
        VmPlatform platform = Subject;
        using MemoryObjectHandle memory = CreateMemory(4 * Granule);
        using PlatformRange range = ReservePlaceholder(8 * Granule);
        bool succeeded = true;
        long allocated = ManagedAllocations.Of(() => succeeded &= EveryCallOnObjects(platform, memory, range.Address));
        Assert.True(succeeded);
        Assert.Equal(0, allocated);
    }

    private static bool EveryCallOnObjects(VmPlatform platform, MemoryObjectHandle memory, nuint address)
    {
        nuint granule = platform.AllocationGranularity;
        bool succeeded = platform.MapObject(
                address, 2 * granule, memory, granule, PageProtection.ReadWrite, MappingSharing.Shared).IsSuccess
            & platform.MapObject(
                address, 5 * granule, memory, 0, PageProtection.Read, MappingSharing.Shared).IsRefused
            & platform.GetObjectByteCount(memory, out _).IsSuccess
            & platform.Synchronize(address, 2 * granule).IsSuccess
            & platform.SynchronizeObject(memory).IsSuccess
            & platform.UnmapObject(address, 2 * granule, RangeTraits.ExcludedFromCoreDumps).IsSuccess
            & platform.MapObjectAnywhere(
                granule,
                memory,
                0,
                PageProtection.Read,
                MappingSharing.CopyOnWrite,
                Placement.Anywhere,
                out nuint view).IsSuccess;
        return succeeded
            & platform.ReleaseObject(view, granule).IsSuccess
            & platform.Commit(address, granule, PageProtection.ReadWrite).IsSuccess
            & platform.InstallGuard(address, granule).IsSuccess
            & platform.RemoveGuard(address, granule, PageProtection.ReadWrite).IsSuccess
            & platform.SetInheritance(address, granule, PageInheritance.None).IsSuccess
            & platform.SetInheritance(address, granule, PageInheritance.Copy).IsSuccess
            & (platform.SetPreferredNode(address, granule, 0).IsSuccess
                || !platform.Supports(PlatformCapabilities.PreferredNode))
            & platform.Decommit(address, granule).IsSuccess;
    }

    // No assertions in here: they allocate.
    private static bool EveryCall(VmPlatform platform, in Placement placement)
    {
        nuint byteCount = 16 * platform.AllocationGranularity;
        nuint page = platform.PageSize;
        if (platform.Reserve(byteCount, placement, out nuint address).IsRefused)
        {
            return false;
        }

        return platform.Reserve(byteCount, Placement.At(address), out _).Reason == RefusalReason.AddressInUse
            & platform.Commit(address, byteCount, PageProtection.ReadWrite).IsSuccess
            & platform.Prefault(address, byteCount).IsSuccess
            & platform.Lock(address, page).IsSuccess
            & platform.Unlock(address, page).IsSuccess
            & platform.Protect(address, page, PageProtection.Read).IsSuccess
            & platform.QueryResident(address, byteCount, out _).IsSuccess
            & platform.Purge(address, page).IsSuccess
            & platform.Decommit(address, byteCount, RangeTraits.ExcludedFromCoreDumps).IsSuccess
            & platform.Release(address, byteCount).IsSuccess;
    }
}
