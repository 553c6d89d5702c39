using NativeVm.Testing;

namespace NativeVm.Tests.Map;

public sealed class StackTests : IDisposable
{
    private const nuint Page = TestMaps.Page;

    private readonly SimulatedPlatform _platform = new();
    private readonly VmMap _map;

    public StackTests() => _map = TestMaps.Simulated(_platform, 0x4000_0000, 256);

    public void Dispose() => _map.Dispose();

    [Fact]
    public void A_stack_commits_its_top_and_keeps_the_rest_and_a_guard_below()
    {
        Assert.Equal(VmResult.Success, _map.FindStack(16 * Page, 2 * Page, Page, 9, out nuint top));
        Assert.Equal(_map.MinAddress + (17 * Page), top);
        Assert.Equal(2 * Page, _platform.CommittedByteCount);
        using VmMapLockScope scope = _map.EnterWriteLock();
        Assert.True(_map.TryFindSpace(0, Page, 1, FindSpaceFlags.None, out nuint free));
        Assert.Equal(top, free);
        Assert.True(_map.TryLookup(_map.MinAddress, out VmEntry guard));
        Assert.Equal(VmEntryKind.Guard, guard.Attributes.Kind);
        Assert.Throws<UnlawfulUseException>(() => _platform.Touch(_map.MinAddress, Page));
    }

    [Fact]
    public void A_stack_grows_page_by_page_to_its_limit_and_shrinks_again()
    {
        Assert.Equal(VmResult.Success, _map.FindStack(16 * Page, Page, Page, 9, out nuint top));
        for (nuint pages = 2; pages <= 16; pages++)
        {
            Assert.Equal(VmResult.Success, _map.GrowStack(top - (pages * Page) + 5));
            Assert.Equal(pages * Page, _platform.CommittedByteCount);
            _platform.Touch(top - (pages * Page), pages * Page);
        }

        Assert.Equal(VmResult.Success, _map.GrowStack(top - (16 * Page) - 1));
        Assert.Equal(16 * Page, _platform.CommittedByteCount);
        Assert.Equal(VmResult.Success, _map.ShrinkStack(top - 5));
        Assert.Equal(Page, _platform.CommittedByteCount);
        Assert.Equal(VmResult.Success, _map.GrowStack(top - (16 * Page)));
        Assert.Equal(16 * Page, _platform.CommittedByteCount);
        _map.Validate();
        Assert.Equal(VmResult.Success, _map.Remove(top - (17 * Page), 17 * Page));
        Assert.Equal((nuint)0, _map.GetStatistics().MappedByteCount);
        _map.Validate();
    }

    [Fact]
    public void An_address_outside_the_reserve_is_success_without_change()
    {
        Assert.Equal(VmResult.Success, _map.FindStack(8 * Page, Page, 0, 9, out nuint top));
        Assert.Equal(VmResult.Success, _map.GrowStack(top - 1));
        Assert.Equal(VmResult.Success, _map.GrowStack(top));
        Assert.Equal(VmResult.Success, _map.GrowStack(0));
        Assert.Equal(VmResult.Success, _map.GrowStack(nuint.MaxValue));
        Assert.Equal(Page, _platform.CommittedByteCount);
        Assert.Equal(VmResult.InvalidAddress, _map.ShrinkStack(top));
    }

    [Fact]
    public void A_neighbour_in_the_way_shrinks_the_reserve_and_says_no_space()
    {
        Assert.Equal(VmResult.Success, _map.FindStack(8 * Page, Page, 0, 9, out nuint top));
        Assert.Equal(VmResult.Success, _map.FindFixed(top - (5 * Page), Page, VmEntryAttributes.ReadWrite));
        Assert.Equal(VmResult.NoSpace, _map.GrowStack(top - (7 * Page)));
        using (_map.EnterReadLock())
        {
            Assert.True(_map.TryLookup(top - 1, out VmEntry stack));
            Assert.Equal(3 * Page, stack.Attributes.GrowthReserve);
        }

        Assert.Equal(VmResult.Success, _map.GrowStack(top - (4 * Page)));
        Assert.Equal(VmResult.Success, _map.GrowStack(top - (7 * Page)));
        Assert.Equal(5 * Page, _platform.CommittedByteCount);
        _map.Validate();
    }

    [Fact]
    public void A_stack_on_real_pages_is_usable_to_its_last_byte()
    {
        using VmMap map = TestMaps.Real(1 << 20);
        Assert.Equal(VmResult.Success, map.FindStack(64 * 1024, 1, 1, 0, out nuint top));
        for (nuint depth = map.PageSize; depth <= 64 * 1024; depth += map.PageSize)
        {
            Assert.Equal(VmResult.Success, map.GrowStack(top - depth));
            unsafe
            {
                *(ulong*)(top - depth) = depth;
            }
        }

        Assert.Throws<ArgumentOutOfRangeException>("maxByteCount", () => map.FindStack(0, 1, 1, 0, out _));
        Assert.Throws<ArgumentOutOfRangeException>("initialByteCount", () => map.FindStack(1, 2, 1, 0, out _));
        Assert.Throws<ArgumentOutOfRangeException>("maxByteCount", () => map.FindStack(nuint.MaxValue, 2, 1, 0, out _));
    }
}
