using NativeVm.Platform;

namespace NativeVm.Testing;

// What may be done to which kind of reservation and backing. All is called with the gate held.
public sealed partial class SimulatedPlatform
{
    /// <summary>
    /// The range can be replaced: on a system like POSIX any part of reservations; on one like Windows, part of a
    /// placeholder with nothing in it.
    /// </summary>
    private void RequireReplaceable(SystemOperation operation, nuint address, nuint byteCount)
    {
        RequireReserved(operation, address, byteCount);
        if (SpansReservations)
        {
            return;
        }

        if (_reservations[_inRange[0].Attributes.Owner].Kind != ReservationKind.Placeholder)
        {
            ThrowUnlawful(operation, address, byteCount, "the reservation is no placeholder, and only parts of one can be replaced");
        }

        int used = _inRange.FindIndex(static run => run.Attributes.State != PageState.Reserved);
        if (used >= 0)
        {
            ThrowUnlawful(
                operation,
                address,
                byteCount,
                $"{PagesOf(_inRange[used])} are in use, and have to be decommitted or unmapped first");
        }
    }

    /// <summary>The runs in <see cref="_inRange"/> have no object behind them.</summary>
    private void RequireNoObject(SystemOperation operation, nuint address, nuint byteCount)
    {
        int view = _inRange.FindIndex(static run => run.Attributes.Backing.IsObject);
        if (view >= 0)
        {
            ThrowUnlawful(
                operation, address, byteCount, $"{PagesOf(_inRange[view])} are an object's, and it is for anonymous memory");
        }
    }

    /// <summary>The range is one whole mapping of an object.</summary>
    private void RequireWholeView(SystemOperation operation, nuint address, nuint byteCount)
    {
        long view = _inRange[0].Attributes.Backing.View;
        bool goesOn = (address > 0 && _runs.Find(address - 1).Attributes.Backing.View == view)
            || (address + byteCount < HighestAddress
                && _runs.Find(address + byteCount).Attributes.Backing.View == view);
        if (view == 0 || goesOn)
        {
            ThrowUnlawful(operation, address, byteCount, "it is not one whole mapping of an object");
        }
    }

    /// <summary>All reservations in <see cref="_inRange"/> are views, or none is.</summary>
    private void RequireKind(SystemOperation operation, nuint address, nuint byteCount, bool isView)
    {
        foreach (Run run in _inRange)
        {
            if (_reservations[run.Attributes.Owner].Kind == ReservationKind.View != isView)
            {
                ThrowUnlawful(
                    operation,
                    address,
                    byteCount,
                    $"{PagesOf(run)} {(isView ? "were reserved, not mapped" : "were mapped as an object, not reserved")}");
            }
        }
    }

    /// <summary>Explicit huge pages in <see cref="_inRange"/> are wholly in the range or wholly outside.</summary>
    private void RequireWholeHugePages(SystemOperation operation, nuint address, nuint byteCount)
    {
        foreach (Run run in _inRange)
        {
            nuint from = nuint.Max(run.Start, address);
            nuint to = nuint.Min(run.End, address + byteCount);
            if (run.Attributes.Backing.IsHuge && ((from | to) & (HugePageSize - 1)) != 0)
            {
                ThrowUnlawful(operation, address, byteCount, $"it cuts the huge pages in {PagesOf(run)}");
            }
        }
    }
}
