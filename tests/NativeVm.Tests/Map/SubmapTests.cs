using NativeVm.Platform;
using NativeVm.Testing;

namespace NativeVm.Tests.Map;

public sealed class SubmapTests
{
    private const nuint Page = TestMaps.Page;

    [Fact]
    public void A_submap_spans_its_range_and_the_parent_does_not_touch_it_until_it_is_disposed_of()
    {
        SimulatedPlatform platform = new();
        using VmMap parent = TestMaps.Simulated(platform, 0x4000_0000, 64);
        Assert.Equal(VmResult.Success, parent.FindFixed(parent.MinAddress, 32 * Page, VmEntryAttributes.Reserved));
        nuint start = parent.MinAddress + (4 * Page);
        Assert.Equal(VmResult.Success, parent.CreateSubmap(start, 8 * Page, out VmMap? child));
        Assert.NotNull(child);
        Assert.Same(parent, child.Parent);
        Assert.Equal((start, start + (8 * Page)), (child.MinAddress, child.MaxAddress));
        Assert.Equal(VmResult.Success, child.Find(3 * Page, VmEntryAttributes.ReadWrite, out nuint address));
        Assert.Equal(start, address);
        Assert.Equal(VmResult.NoSpace, child.Find(6 * Page, VmEntryAttributes.ReadWrite, out _));

        Assert.Equal(VmResult.InvalidArgument, parent.Remove(parent.MinAddress, 32 * Page));
        Assert.Equal(VmResult.InvalidArgument, parent.Protect(start, Page, PageProtection.Read));
        Assert.Equal(VmResult.InvalidArgument, parent.Commit(start, Page, PageProtection.Read));
        Assert.Equal(VmResult.InvalidArgument, parent.Decommit(start, Page));
        Assert.Equal(VmResult.InvalidArgument, parent.Wire(start, Page));
        Assert.Equal(VmResult.InvalidArgument, parent.Advise(start, Page, VmAdvice.DontNeed));
        Assert.Equal(VmResult.InvalidArgument, parent.CreateSubmap(start, Page, out VmMap? second));
        Assert.Null(second);
        Assert.Equal(3 * Page, platform.CommittedByteCount);
        parent.Validate();
        child.Validate();

        child.Dispose();
        child.Dispose();
        Assert.Equal((nuint)0, platform.CommittedByteCount);
        using (parent.EnterWriteLock())
        {
            Assert.True(parent.TryFindSpace(0, 8 * Page, 1, FindSpaceFlags.None, out address));
            Assert.Equal(start, address);
        }

        Assert.Equal(VmResult.Success, parent.Remove(parent.MinAddress, 32 * Page));
        Assert.Equal((nuint)0, parent.GetStatistics().MappedByteCount);
        parent.Validate();
    }

    [Fact]
    public void Only_a_reserved_range_of_one_entry_becomes_a_submap()
    {
        using VmMap parent = TestMaps.Simulated(new SimulatedPlatform(), 0x4000_0000, 64);
        nuint start = parent.MinAddress;
        Assert.Equal(VmResult.InvalidArgument, parent.CreateSubmap(start, Page, out _));
        Assert.Equal(VmResult.InvalidAddress, parent.CreateSubmap(start, 0, out _));
        Assert.Equal(VmResult.InvalidAddress, parent.CreateSubmap(start, nuint.MaxValue, out _));
        Assert.Equal(VmResult.Success, parent.FindFixed(start, Page, VmEntryAttributes.ReadWrite));
        Assert.Equal(VmResult.InvalidArgument, parent.CreateSubmap(start, Page, out _));
        Assert.Equal(VmResult.Success, parent.FindFixed(start + Page, Page, VmEntryAttributes.Reserved));
        Assert.Equal(VmResult.InvalidArgument, parent.CreateSubmap(start + Page, 2 * Page, out _));
    }

    [Fact]
    public void Submaps_side_by_side_are_entries_of_their_own_and_grow_their_parent()
    {
        SimulatedPlatform platform = new();
        using VmMap parent = TestMaps.Simulated(platform, 0x4000_0000, 16, 64);
        Assert.Equal(VmResult.Success, parent.FindSubmap(12 * Page, 1, out VmMap? first));
        Assert.Equal(VmResult.Success, parent.FindSubmap(12 * Page, 1, out VmMap? second));
        Assert.Equal(first!.MaxAddress, second!.MinAddress);
        Assert.Equal((nuint)2, parent.GetStatistics().EntryCount);
        first.Dispose();
        Assert.Equal((nuint)1, parent.GetStatistics().EntryCount);
        Assert.Equal(VmResult.Success, second.Find(12 * Page, VmEntryAttributes.ReadWrite, out _));
        parent.Validate();
        second.Dispose();
        Assert.Equal((nuint)0, parent.GetStatistics().EntryCount);
    }

    [Fact]
    public unsafe void A_submap_outlives_its_parent_on_real_pages()
    {
        VmMap parent = TestMaps.Real(1 << 20);
        Assert.Equal(VmResult.Success, parent.FindSubmap(1 << 18, 1 << 16, out VmMap? child));
        Assert.Equal(VmResult.Success, child!.Find(Page, VmEntryAttributes.ReadWrite, out nuint address));
        parent.Dispose();
        *(int*)address = 5;
        Assert.Equal(5, *(int*)address);
        child.Dispose();
        Assert.Throws<ObjectDisposedException>(() => parent.FindSubmap(Page, 1, out _));
    }

    [Fact]
    public void Threads_in_different_submaps_do_not_meet_on_a_lock()
    {
        using VmMap parent = TestMaps.Simulated(new SimulatedPlatform(), 0x4000_0000, 64);
        Assert.Equal(VmResult.Success, parent.FindSubmap(8 * Page, 1, out VmMap? first));
        Assert.Equal(VmResult.Success, parent.FindSubmap(8 * Page, 1, out VmMap? second));
        VmResult other = VmResult.NoSpace;
        using (first!.EnterWriteLock())
        {
            Thread thread = new(() => other = second!.Find(Page, VmEntryAttributes.ReadWrite, out _));
            thread.Start();
            thread.Join();
        }

        Assert.Equal(VmResult.Success, other);
        second!.Dispose();
        first.Dispose();
    }
}
