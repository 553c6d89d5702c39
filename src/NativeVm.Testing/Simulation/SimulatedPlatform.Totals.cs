namespace NativeVm.Testing;

public sealed partial class SimulatedPlatform
{
    /// <summary>Bytes of addresses in all reservations, committed ones included.</summary>
    public nuint ReservedByteCount => ReadTotals().ReservedByteCount;

    /// <summary>Bytes of mappings of objects.</summary>
    public nuint MappedByteCount => ReadTotals().MappedByteCount;

    /// <summary>Bytes that are committed, explicit huge pages included, mappings of objects not.</summary>
    public nuint CommittedByteCount => ReadTotals().CommittedByteCount;

    /// <summary>Bytes that are locked.</summary>
    public nuint LockedByteCount => ReadTotals().LockedByteCount;

    /// <summary>Bytes that are in physical memory; foreign mappings are taken not to be.</summary>
    public nuint ResidentByteCount => ReadTotals().ResidentByteCount;

    /// <summary>Bytes that tests have placed as foreign.</summary>
    public nuint ForeignByteCount => ReadTotals().ForeignByteCount;

    /// <summary>
    /// Mappings in the whole address space, foreign ones included: what <see cref="MappingLimit"/> limits.
    /// </summary>
    public nuint MappingCount => ReadTotals().MappingCount;

    /// <summary>Reservations, and mappings of objects at free addresses, that have not been released.</summary>
    public int ReservationCount
    {
        get
        {
            lock (_gate)
            {
                return _reservations.Count;
            }
        }
    }

    private RunTotals ReadTotals()
    {
        lock (_gate)
        {
            return _totals;
        }
    }
}
