namespace NativeVm;

/// <content>What those need of a map who have memory in it and may be found by the finalizer, with the map or without.</content>
public sealed partial class VmMap
{
    private WeakReference<VmMap>? _self;
    private long _lastLease;

    /// <summary>
    /// A finalizer that finds the map through this has a living one. The reference belongs to the map, so that the
    /// two die together: a finalizer's own reference could be finalized before it, and the map's records too.
    /// </summary>
    internal WeakReference<VmMap> Self => _self ?? Interlocked.CompareExchange(ref _self, new(this), null) ?? _self;

    /// <summary>A tag by which the entry of a lease is not joined with its neighbours', which end at other times.</summary>
    internal ulong NextLeaseTag() => (1UL << 63) | (ulong)Interlocked.Increment(ref _lastLease);

    /// <summary>As <see cref="Remove"/>; a map that has been disposed of has nothing to remove.</summary>
    /// <returns>Whether the range is gone.</returns>
    internal bool TryRemoveUnlessDisposed(nuint start, nuint byteCount)
    {
        _lock.EnterExclusive();
        using VmMapLockScope scope = new(_lock, isExclusive: true);
        return _isDisposed || Remove(start, byteCount).IsSuccess;
    }
}
