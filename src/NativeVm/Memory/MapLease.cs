using NativeVm.Diagnostics;

namespace NativeVm.Memory;

/// <summary>Pages that were found in a map for this lease, and are removed from it at its end.</summary>
/// <remarks>
/// It holds the map and a reference to its address space: a map that is disposed of, or forgotten, leaves the pages
/// where they are until the lease ends, and then there is nothing to remove.
/// </remarks>
internal sealed class MapLease : PageLease
{
    private readonly VmMap _map;
    private readonly WeakReference<VmMap> _living;
    private readonly VmReservationHandle _space;

    /// <summary>Takes over a range of the map that is the caller's.</summary>
    /// <exception cref="ObjectDisposedException">The map has been disposed of.</exception>
    public MapLease(VmMap map, nuint address, nuint byteCount)
    {
        Address = address;
        ByteCount = byteCount;
        _map = map;
        _living = map.Self;
        _space = map.Handle;
        bool isHeld = false;
        _space.DangerousAddRef(ref isHeld);
        if (AllocationTracking.IsOn)
        {
            AllocationTracking.Allocated(map, map.Ticket, address, byteCount);
        }
    }

    public override string Name => _map.Name;

    protected override void GiveBack(bool isForgotten)
    {
        if (AllocationTracking.IsOn)
        {
            AllocationTracking.Freed(_map.Ticket, Address);
        }

        if (!isForgotten)
        {
            FinalizeNoMore();
            _ = _map.TryRemoveUnlessDisposed(Address, ByteCount);
        }
        else if (_living.TryGetTarget(out VmMap? map))
        {
            _ = map.TryRemoveUnlessDisposed(Address, ByteCount);
        }

        _space.DangerousRelease();
    }
}
