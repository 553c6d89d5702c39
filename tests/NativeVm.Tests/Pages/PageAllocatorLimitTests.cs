using NativeVm.Testing;

namespace NativeVm.Tests.Pages;

/// <summary>The memory limit.</summary>
public sealed class PageAllocatorLimitTests
{
    private const nuint MiB = 1 << 20;
    private const nuint Page = 4096;
    private const PageAllocationFlags Any = PageAllocationFlags.Uninitialized;

    [Fact]
    public void The_limit_is_reached_to_the_page_and_never_passed()
    {
        using PageAllocator allocator = Create(10 * MiB);
        nuint last = 0;
        for (nuint total = 0; total < 10 * MiB; total += 64 * Page)
        {
            last = allocator.Allocate(64 * Page, flags: Any);
        }

        Assert.False(allocator.TryAllocate(1, 1, Any, out _));
        string message = Assert.Throws<InsufficientMemoryException>(() => allocator.Allocate(1)).Message;
        Assert.Contains("limit", message, StringComparison.Ordinal);
        allocator.Free(last);
        Assert.True(allocator.TryAllocate(1, 1, Any, out _));
        Assert.False(allocator.TryAllocate(64 * Page, 1, Any, out _));
        Assert.True(allocator.TryAllocate(63 * Page, 1, Any, out _));
        allocator.Validate();
    }

    [Fact]
    public void What_is_retained_anywhere_is_given_back_before_a_request_is_refused()
    {
        using PageAllocator allocator = Create(10 * MiB);
        nuint[] runs = new nuint[20];
        for (int i = 0; i < runs.Length; i++)
        {
            runs[i] = allocator.Allocate(MiB / 2, flags: Any);
        }

        // Every second run: no free run is longer than half a mebibyte, and the caches have some of them.
        for (int i = 0; i < runs.Length; i += 2)
        {
            nuint run = runs[i];
            Thread thread = new(() => allocator.Free(run));
            thread.Start();
            thread.Join();
        }

        nuint large = allocator.Allocate(5 * MiB, flags: Any);
        PageAllocatorStatistics statistics = allocator.GetStatistics();
        Assert.Equal(10 * MiB, statistics.AllocatedByteCount);
        Assert.Equal(0u, statistics.RetainedByteCount);
        Assert.False(allocator.TryResizeInPlace(large, 5 * MiB, (5 * MiB) + Page, Any));
        allocator.Validate();
    }

    [Fact]
    public void A_request_beyond_the_limit_purges_nothing()
    {
        using PageAllocator allocator = Create(10 * MiB);
        allocator.Free(allocator.Allocate(4 * MiB, flags: Any));
        Assert.False(allocator.TryAllocate(11 * MiB, 1, Any, out _));
        Assert.Equal(4 * MiB, allocator.GetStatistics().RetainedByteCount);
    }

    private static PageAllocator Create(nuint limit) => new(new PageAllocatorOptions
    {
        Platform = new SimulatedPlatform(),
        MemoryLimit = limit,
        TrimsInBackground = false,
    });
}
