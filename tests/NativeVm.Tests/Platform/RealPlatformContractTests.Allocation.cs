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

        // The first round is the one in which code is compiled and statics are made.
        long allocated = 0;
        for (int round = 0; round < 3; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            bool succeeded = true;
            foreach (ref readonly Placement placement in placements.AsSpan())
            {
                succeeded &= EveryCall(platform, placement);
            }

            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(succeeded);
        }

        Assert.Equal(0, allocated);
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
