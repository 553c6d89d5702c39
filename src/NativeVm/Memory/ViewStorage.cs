namespace NativeVm.Memory;

/// <summary>A range that belongs to somebody else.</summary>
internal sealed class ViewStorage : IStreamStorage, ILeaseHolder
{
    private readonly ViewLease _lease;

    public ViewStorage(ViewLease lease)
    {
        _lease = lease;
        lease.Attach(this, addsPressure: false);
    }

    public nuint Address => _lease.Address;

    public nuint Capacity => _lease.ByteCount;

    public nuint DirtyByteCount => _lease.ByteCount;

    public bool IsPinned => false;

    public void Ensure(nuint byteCount)
    {
        if (byteCount > Capacity)
        {
            throw new NotSupportedException($"A stream over a range of {Capacity} bytes cannot grow to {byteCount}.");
        }
    }

    public void Release() => _lease.End();
}
