namespace NativeVm.Memory;

/// <summary>A run of a pool's allocator. It serves one rent after the other.</summary>
internal sealed class PoolLease(PoolPages pages) : PageLease
{
    private readonly WeakReference<PoolPages> _living = pages.Self;

    public override string Name => pages.Name;

    /// <summary>Takes over a run for the next rent.</summary>
    public PoolLease Begin(nuint address, nuint byteCount)
    {
        Address = address;
        ByteCount = byteCount;
        return this;
    }

    protected override void GiveBack(bool isForgotten)
    {
        if (!isForgotten)
        {
            if (!pages.Return(this))
            {
                FinalizeNoMore();
            }
        }
        else if (_living.TryGetTarget(out PoolPages? living))
        {
            living.ReturnForgotten(Address, ByteCount);
        }
    }
}
