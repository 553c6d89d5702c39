using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using NativeVm.Platform;

namespace NativeVm.Testing;

public sealed partial class SimulatedPlatform
{
    /// <summary>
    /// The range lies in reservations, and in a single one where the system asks for that. Leaves its runs in
    /// <see cref="_inRange"/>. Called with the gate held, as all that follow.
    /// </summary>
    private void RequireReserved(
        SystemOperation operation, nuint address, nuint byteCount, bool spansViews = false)
    {
        RequireInside(operation, address, byteCount);
        CollectInRange(address, byteCount);
        foreach (Run run in _inRange)
        {
            if (!run.Attributes.IsOurs)
            {
                string owner = run.Attributes.IsFree ? "belong to nobody" : "are a foreign mapping";
                ThrowUnlawful(operation, address, byteCount, $"{PagesOf(run)} {owner}");
            }

            RunAttributes first = _inRange[0].Attributes;
            if (!SpansReservations
                && (run.Attributes.Owner != first.Owner || (!spansViews && run.Attributes.Backing.View != first.Backing.View)))
            {
                ThrowUnlawful(
                    operation,
                    address,
                    byteCount,
                    $"it spans the end of a reservation or a mapping at 0x{run.Start:x}, and a call on this system must not");
            }
        }

        RequireWholeHugePages(operation, address, byteCount);
    }

    private void RequireCommitted(SystemOperation operation, nuint address, nuint byteCount)
    {
        RequireReserved(operation, address, byteCount);
        foreach (Run run in _inRange)
        {
            if (!run.Attributes.IsCommitted)
            {
                ThrowUnlawful(
                    operation, address, byteCount, $"{PagesOf(run)} are not committed");
            }
        }
    }

    /// <summary>
    /// The range is one whole reservation, or several side by side where the system can take them together.
    /// </summary>
    private void RequireWholeReservations(SystemOperation operation, nuint address, nuint byteCount)
    {
        RequireReserved(operation, address, byteCount, spansViews: true);
        Reservation first = _reservations[_inRange[0].Attributes.Owner];
        if (first.Start != address)
        {
            ThrowUnlawful(
                operation, address, byteCount, $"the reservation it begins in starts below it, at 0x{first.Start:x}");
        }

        Reservation last = _reservations[_inRange[^1].Attributes.Owner];
        if (last.End != address + byteCount)
        {
            ThrowUnlawful(operation, address, byteCount, $"the reservation it ends in goes on to 0x{last.End:x}");
        }
    }

    private void RequireInside(SystemOperation operation, nuint address, nuint byteCount)
    {
        if (!IsInside(address, byteCount))
        {
            ThrowUnlawful(operation, address, byteCount, $"the address space ends at 0x{HighestAddress:x}");
        }
    }

    private bool IsInside(nuint address, nuint byteCount) =>
        address < HighestAddress && byteCount <= HighestAddress - address;

    private static string PagesOf(in Run run) => $"the pages from 0x{run.Start:x} to 0x{run.End:x}";

    private void CollectInRange(nuint address, nuint byteCount)
    {
        _inRange.Clear();
        _runs.Collect(address, address + byteCount, _inRange);
    }

    [DoesNotReturn]
    private void ThrowUnlawful(SystemOperation operation, nuint address, nuint byteCount, string reason)
    {
        string what = operation == SystemOperation.None ? "An access" : operation.ToString();
        StringBuilder message = new();
        message.Append(
            CultureInfo.InvariantCulture,
            $"{what} of {byteCount:N0} bytes at 0x{address:x} is unlawful: {reason}.");
        if (IsInside(address, byteCount))
        {
            AppendWhatIsThere(message, address, byteCount);
        }

        throw new UnlawfulUseException(operation, address, byteCount, message.ToString());
    }

    private void AppendWhatIsThere(StringBuilder message, nuint address, nuint byteCount)
    {
        const int Most = 8;
        CollectInRange(address, byteCount);
        message.Append(" There is:");
        foreach (Run run in _inRange.Take(Most))
        {
            message.Append("\n  ");
            message.Append(run.Attributes.IsFree ? $"[0x{run.Start:x}, 0x{run.End:x}) free" : Describe(run).ToString());
        }

        if (_inRange.Count > Most)
        {
            message.Append(CultureInfo.InvariantCulture, $"\n  and {_inRange.Count - Most} more");
        }
    }
}
