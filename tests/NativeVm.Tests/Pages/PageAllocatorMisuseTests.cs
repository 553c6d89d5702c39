using NativeVm.Testing;

namespace NativeVm.Tests.Pages;

/// <summary>What a correct program never does is told apart, changes nothing, and leaves the allocator usable.</summary>
public sealed class PageAllocatorMisuseTests
{
    private const nuint Page = 4096;

    [Fact]
    public void Freeing_twice_at_a_wrong_address_or_with_a_wrong_length_is_an_argument_exception()
    {
        using PageAllocator allocator = Create();
        nuint small = allocator.Allocate(5 * Page, flags: PageAllocationFlags.Uninitialized);
        nuint large = allocator.Allocate(5000 * Page, flags: PageAllocationFlags.Uninitialized);
        foreach (nuint address in new[] { small + 1, small + Page, small - Page, large + (4999 * Page), 0u, nuint.MaxValue, 4096u })
        {
            Assert.Throws<ArgumentException>(() => allocator.Free(address));
            Assert.Throws<ArgumentException>(() => allocator.Free(address, Page));
        }

        Assert.Throws<ArgumentException>(() => allocator.Free(small, 4 * Page));
        Assert.Throws<ArgumentException>(() => allocator.Free(small, 0));
        Assert.Throws<ArgumentException>(() => allocator.TryResizeInPlace(small, 4 * Page, Page));
        Assert.Equal(5005 * Page, allocator.GetStatistics().AllocatedByteCount);
        allocator.Free(small);
        allocator.Free(large, 5000 * Page);
        Assert.Throws<ArgumentException>(() => allocator.Free(small));
        Assert.Throws<ArgumentException>(() => allocator.Free(large));
        _ = allocator.Trim();
        Assert.Throws<ArgumentException>(() => allocator.Free(small));
        Assert.Throws<ArgumentException>(() => allocator.Free(large));
        Assert.Throws<ArgumentException>(() => allocator.TryResizeInPlace(large, 5000 * Page, Page));
        allocator.Validate();
        Assert.Equal(0u, allocator.GetStatistics().AllocatedByteCount);
    }

    [Fact]
    public void A_run_freed_by_another_thread_cannot_be_freed_by_the_first()
    {
        using PageAllocator allocator = Create();
        nuint address = allocator.Allocate(Page, flags: PageAllocationFlags.Uninitialized);
        Thread other = new(() => allocator.Free(address));
        other.Start();
        other.Join();
        Assert.Throws<ArgumentException>(() => allocator.Free(address));
        allocator.Validate();
    }

    [Fact]
    public void Arguments_that_make_no_sense_are_rejected_and_sizes_that_wrap_find_nothing()
    {
        using PageAllocator allocator = Create();
        Assert.Throws<ArgumentOutOfRangeException>(() => allocator.TryAllocate(0, 1, PageAllocationFlags.None, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => allocator.TryAllocate(1, 0, PageAllocationFlags.None, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => allocator.TryAllocate(1, 1, (PageAllocationFlags)2, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => allocator.TryAllocate(1, 1, (PageAllocationFlags)(-1), out _));
        nuint run = allocator.Allocate(Page, flags: PageAllocationFlags.Uninitialized);
        Assert.Throws<ArgumentOutOfRangeException>(() => allocator.TryResizeInPlace(run, Page, 0));
        foreach (nuint byteCount in new[] { nuint.MaxValue, nuint.MaxValue - Page, nuint.MaxValue / 2, (nuint)1 << 47 })
        {
            Assert.False(allocator.TryAllocate(byteCount, 1, PageAllocationFlags.None, out nuint address));
            Assert.Equal(0u, address);
            Assert.False(allocator.TryResizeInPlace(run, Page, byteCount));
            Assert.Throws<InsufficientMemoryException>(() => allocator.Allocate(byteCount));
        }

        foreach (nuint alignment in new[] { nuint.MaxValue, ((nuint)1 << 63) + 1, (nuint)1 << 62 })
        {
            Assert.False(allocator.TryAllocate(1, alignment, PageAllocationFlags.None, out _));
        }

        allocator.Validate();
    }

    [Fact]
    public void Options_that_contradict_each_other_are_rejected()
    {
        SimulatedPlatform platform = new();
        using VmMap map = new(new VmMapOptions { ByteCount = 1 << 20, Platform = platform });
        Assert.Throws<ArgumentException>(() => new PageAllocator(new PageAllocatorOptions { Map = map, Platform = platform }));
        Assert.Throws<ArgumentException>(() => new PageAllocator(new PageAllocatorOptions { RetainAge = TimeSpan.FromSeconds(-5) }));
        Assert.Throws<ArgumentNullException>(() => new PageAllocator(null!));
        Assert.Throws<ArgumentNullException>(() => new PageAllocator(new PageAllocatorOptions { Name = null! }));
    }

    [Fact]
    public void After_disposal_every_use_by_any_thread_says_so()
    {
        PageAllocator allocator = Create();
        nuint address = allocator.Allocate(Page, flags: PageAllocationFlags.Uninitialized);
        allocator.Free(allocator.Allocate(Page, flags: PageAllocationFlags.Uninitialized));
        allocator.Dispose();
        allocator.Dispose();
        UseAll(allocator, address);
        Thread other = new(() => UseAll(allocator, address));
        other.Start();
        other.Join();
    }

    private static void UseAll(PageAllocator allocator, nuint address)
    {
        Assert.Throws<ObjectDisposedException>(() => allocator.Allocate(Page));
        Assert.Throws<ObjectDisposedException>(() => allocator.TryAllocate(nuint.MaxValue, 1, PageAllocationFlags.None, out _));
        Assert.Throws<ObjectDisposedException>(() => allocator.Free(address));
        Assert.Throws<ObjectDisposedException>(() => allocator.Free(address, Page));
        Assert.Throws<ObjectDisposedException>(() => allocator.TryResizeInPlace(address, Page, Page));
        Assert.Throws<ObjectDisposedException>(() => allocator.Trim());
        Assert.Throws<ObjectDisposedException>(() => allocator.GetStatistics());
        Assert.Throws<ObjectDisposedException>(allocator.Validate);
    }

    private static PageAllocator Create() =>
        new(new PageAllocatorOptions { Platform = new SimulatedPlatform(), TrimsInBackground = false });
}
