using NativeVm.Platform;

namespace NativeVm.Testing;

public sealed partial class SimulatedPlatform
{
    /// <inheritdoc/>
    protected override SystemReply ReserveCore(nuint byteCount, in Placement placement, out nuint address)
    {
        lock (_gate)
        {
            CountSystemCall();
            address = 0;
            RefusalReason reason = FindPlace(byteCount, placement, out nuint place);
            if (reason != RefusalReason.None)
            {
                nuint askedFor = placement.IsExact ? placement.LowestAddress : 0;
                return Refuse(SystemOperation.Reserve, askedFor, byteCount, reason);
            }

            return Take(
                SystemOperation.Reserve,
                place,
                byteCount,
                ReservationKind.Plain,
                RunAttributes.Reserved(0),
                out address);
        }
    }

    /// <inheritdoc/>
    protected override SystemReply ReleaseCore(nuint address, nuint byteCount)
    {
        lock (_gate)
        {
            RequireWholeReservations(SystemOperation.Release, address, byteCount);
            RequireKind(SystemOperation.Release, address, byteCount, isView: false);
            CountSystemCall();
            SystemReply reply = Edit(SystemOperation.Release, address, byteCount, static _ => RunAttributes.Free);
            if (reply.IsSuccess)
            {
                ForgetReservations(address);
            }

            return reply;
        }
    }

    /// <inheritdoc/>
    protected override SystemReply ReleaseTailCore(nuint address, nuint byteCount, nuint keepByteCount)
    {
        lock (_gate)
        {
            RequireWholeReservations(SystemOperation.ReleaseTail, address, byteCount);
            RequireKind(SystemOperation.ReleaseTail, address, byteCount, isView: false);
            if (!Supports(PlatformCapabilities.ReleaseTail))
            {
                return Refuse(SystemOperation.ReleaseTail, address, byteCount, RefusalReason.NotSupported);
            }

            CountSystemCall();
            nuint tail = address + keepByteCount;
            SystemReply reply = Edit(
                SystemOperation.ReleaseTail, tail, byteCount - keepByteCount, static _ => RunAttributes.Free);
            if (reply.IsSuccess)
            {
                ForgetReservations(tail);
            }

            return reply;
        }
    }

    /// <summary>Makes a reservation of free addresses, of whatever the attributes say but for the owner.</summary>
    private SystemReply Take(
        SystemOperation operation,
        nuint place,
        nuint byteCount,
        ReservationKind kind,
        RunAttributes attributes,
        out nuint address)
    {
        long owner = _lastOwner + 1;
        address = 0;
        SystemReply reply = Edit(operation, place, byteCount, _ => attributes with { Owner = owner });
        if (reply.IsSuccess)
        {
            _lastOwner = owner;
            _reservations.Add(owner, new Reservation(place, byteCount, kind));
            address = place;
        }

        return reply;
    }

    private RefusalReason FindPlace(nuint byteCount, in Placement placement, out nuint address)
    {
        address = placement.LowestAddress;
        if (placement.IsExact)
        {
            if (!IsInside(address, byteCount))
            {
                return RefusalReason.NoAddressSpace;
            }

            if (address < LowestAddress)
            {
                return RefusalReason.AccessDenied;
            }

            Run run = _runs.Find(address);
            return run.Attributes.IsFree && byteCount <= run.End - address
                ? RefusalReason.None
                : RefusalReason.AddressInUse;
        }

        nuint lowest = nuint.Max(placement.LowestAddress, LowestAddress);
        nuint highest = placement.HighestAddress == 0
            ? HighestAddress
            : nuint.Min(placement.HighestAddress, HighestAddress);
        nuint alignment = nuint.Max(placement.Alignment, AllocationGranularity);
        return _runs.TryFindFree(byteCount, alignment, lowest, highest, _options.Strategy, out address)
            ? RefusalReason.None
            : RefusalReason.NoAddressSpace;
    }

    /// <summary>
    /// Drops the reservations of the range that <see cref="RequireWholeReservations"/> left in
    /// <see cref="_inRange"/>, from an address on. The one that the address cuts keeps its lower part.
    /// </summary>
    private void ForgetReservations(nuint from)
    {
        foreach (Run run in _inRange)
        {
            long owner = run.Attributes.Owner;
            if (!_reservations.TryGetValue(owner, out Reservation reservation) || reservation.End <= from)
            {
                continue;
            }

            if (reservation.Start >= from)
            {
                _reservations.Remove(owner);
            }
            else
            {
                _reservations[owner] = reservation with { ByteCount = from - reservation.Start };
            }
        }
    }
}
