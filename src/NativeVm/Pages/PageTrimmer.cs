namespace NativeVm.Pages;

/// <summary>A timer that has an allocator give back what is old. It does not keep the allocator alive, and ends with it.</summary>
internal sealed class PageTrimmer : IDisposable
{
    private readonly WeakReference<PageAllocator> _allocator;
    private readonly Timer _timer;

    public PageTrimmer(PageAllocator allocator, TimeSpan period)
    {
        _allocator = new WeakReference<PageAllocator>(allocator);
        _timer = new Timer(static state => ((PageTrimmer)state!).Tick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(period, period);
    }

    public void Dispose() => _timer.Dispose();

    private void Tick()
    {
        if (!_allocator.TryGetTarget(out PageAllocator? allocator))
        {
            _timer.Dispose();
            return;
        }

        allocator.TrimOld();
    }
}
