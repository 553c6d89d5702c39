namespace NativeVm.Pages;

/// <summary>
/// What a thread has of an allocator: its cache. Nothing but the thread refers to it; so when the thread has ended,
/// the collector finalizes it, and the cache goes back to the allocator, with the runs in it.
/// </summary>
/// <param name="allocator">
/// The allocator, which itself keeps this very reference: one of the holder's own could be finalized before it.
/// </param>
/// <param name="cache">The cache.</param>
internal sealed class PageCacheHolder(WeakReference<PageAllocator> allocator, PageCache cache)
{
    ~PageCacheHolder()
    {
        if (allocator.TryGetTarget(out PageAllocator? target))
        {
            target.Adopt(Cache);
        }
    }

    public PageCache Cache { get; } = cache;
}
