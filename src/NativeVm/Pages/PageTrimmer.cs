namespace NativeVm.Pages;

/// <summary>A timer that has an allocator give back what is old. It does not keep the allocator alive, and ends with it.</summary>
internal sealed class PageTrimmer : IDisposable
{
    private readonly WeakReference<PageAllocator> _allocator;
    private readonly Timer _timer;

    public PageTrimmer(PageAllocator allocator, TimeSpan period)
    {
        _allocator = new WeakReference<PageAllocator>(allocator);
        _timer = new Timer(static state => _ = ((PageTrimmer)state!).Tick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(period, period);
    }

    public void Dispose() => _timer.Dispose();

    /// <summary>Trims once. What leaves a timer's callback ends the process.</summary>
    /// <returns>Whether there is something to trim again: the allocator and the map that it was given are still there.</returns>
    internal bool Tick()
    {
        try
        {
            if (_allocator.TryGetTarget(out PageAllocator? allocator))
            {
                allocator.TrimOld();
                return true;
            }
        }
        catch (ObjectDisposedException)
        {
            // The map was disposed of before its allocator, and all pages with it.
        }

        _timer.Dispose();
        return false;
    }
}
