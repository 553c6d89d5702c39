namespace NativeVm.Memory;

/// <summary>A run of a pool's allocator. It serves one rent after the other, of any pool.</summary>
internal sealed class PoolLease : PageLease
{
    // One that is at rest, for every thread. It belongs to no pool, and so keeps none alive.
    [ThreadStatic]
    private static PoolLease? t_spare;

    private PoolPages? _pages;
    private WeakReference<PoolPages>? _living;

    private PoolLease()
    {
    }

    public override string Name => _pages?.Name ?? "";

    /// <summary>A lease over a run that has been rented.</summary>
    public static PoolLease Begin(PoolPages pages, nuint address, nuint byteCount)
    {
        PoolLease lease = t_spare ?? new PoolLease();
        t_spare = null;
        lease._pages = pages;
        lease._living = pages.Self;
        lease.Address = address;
        lease.ByteCount = byteCount;
        return lease;
    }

    protected override void GiveBack(bool isForgotten)
    {
        if (isForgotten)
        {
            if (_living!.TryGetTarget(out PoolPages? living))
            {
                living.Return(Address, ByteCount);
            }

            return;
        }

        _pages!.Return(Address, ByteCount);
        _pages = null;
        _living = null;
        if (t_spare is null)
        {
            t_spare = this;
        }
        else
        {
            FinalizeNoMore();
        }
    }
}
