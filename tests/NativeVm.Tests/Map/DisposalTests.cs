using NativeVm.Platform;
using NativeVm.Testing;

namespace NativeVm.Tests.Map;

public sealed class DisposalTests
{
    private const nuint Page = TestMaps.Page;

    [Fact]
    public void Disposal_releases_everything_and_a_second_one_does_nothing()
    {
        SimulatedPlatform platform = new();
        VmMap map = TestMaps.Simulated(platform, 0x4000_0000, 16, 4096);
        Assert.Equal(VmResult.Success, map.Find(100 * Page, VmEntryAttributes.ReadWrite, out _));
        map.Dispose();
        map.Dispose();
        Assert.Equal((nuint)0, platform.ReservedByteCount);
        Assert.Equal((nuint)0, platform.CommittedByteCount);
    }

    [Fact]
    public void Every_use_after_disposal_says_so()
    {
        VmMap map = TestMaps.Simulated(new SimulatedPlatform(), 0x4000_0000, 16);
        map.Dispose();
        Assert.Throws<ObjectDisposedException>(() => map.EnterWriteLock());
        Assert.Throws<ObjectDisposedException>(() => map.EnterReadLock());
        Assert.Throws<ObjectDisposedException>(() => map.TryFindSpace(0, 1, 1, FindSpaceFlags.None, out _));
        Assert.Throws<ObjectDisposedException>(() => map.Insert(0, 1, VmEntryAttributes.ReadWrite));
        Assert.Throws<ObjectDisposedException>(() => map.Delete(0, 1));
        Assert.Throws<ObjectDisposedException>(() => map.Find(1, VmEntryAttributes.ReadWrite, out _));
        Assert.Throws<ObjectDisposedException>(() => map.Remove(0, 1));
        Assert.Throws<ObjectDisposedException>(() => map.Protect(0, 1, PageProtection.Read));
        Assert.Throws<ObjectDisposedException>(() => map.Commit(0, 1, PageProtection.Read));
        Assert.Throws<ObjectDisposedException>(() => map.Decommit(0, 1));
        Assert.Throws<ObjectDisposedException>(() => map.TryLookup(0, out _));
        Assert.Throws<ObjectDisposedException>(() => map.GetEntries());
        Assert.Throws<ObjectDisposedException>(() => map.GetStatistics());
        Assert.Throws<ObjectDisposedException>(map.Validate);
    }

    [Fact]
    public void A_map_disposed_inside_its_own_lock_can_still_be_left()
    {
        VmMap map = TestMaps.Simulated(new SimulatedPlatform(), 0x4000_0000, 16);
        using VmMapLockScope scope = map.EnterWriteLock();
        map.Dispose();
        Assert.Throws<ObjectDisposedException>(() => map.Insert(0x4000_0000, Page, VmEntryAttributes.ReadWrite));
    }

    [Fact]
    public void A_reference_to_the_handle_keeps_the_pages_past_disposal()
    {
        VmMap map = TestMaps.Real(1 << 20);
        Assert.Equal(VmResult.Success, map.Find(Page, VmEntryAttributes.ReadWrite, out nuint address));
        bool isHeld = false;
        map.Handle.DangerousAddRef(ref isHeld);
        map.Dispose();
        unsafe
        {
            *(int*)address = 42;
            Assert.Equal(42, *(int*)address);
        }

        map.Handle.DangerousRelease();
        Assert.True(VmPlatform.Current.Query(address, out RegionInfo region).IsSuccess);
        Assert.True(region.State == PageState.Free || map.Handle.IsClosed);
    }

    [Fact]
    public void A_map_that_is_forgotten_gives_its_addresses_back()
    {
        SimulatedPlatform platform = new();
        Forget(platform);
        for (int i = 0; i < 10 && platform.ReservedByteCount != 0; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.Equal((nuint)0, platform.ReservedByteCount);
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static void Forget(SimulatedPlatform platform) =>
        _ = TestMaps.Simulated(platform, 0x4000_0000, 16).Find(Page, VmEntryAttributes.ReadWrite, out _);
}
