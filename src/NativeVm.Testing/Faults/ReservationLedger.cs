using NativeVm.Platform;

namespace NativeVm.Testing;

/// <summary>What has been reserved and not released, by the calls that succeeded. Thread-safe.</summary>
internal sealed class ReservationLedger
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<nuint, nuint> _open = [];

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _open.Count;
            }
        }
    }

    /// <summary>Notes a call that succeeded; one that neither reserves nor releases is nothing to the ledger.</summary>
    public void Note(SystemOperation operation, nuint address, nuint byteCount)
    {
        switch (operation)
        {
            case SystemOperation.Reserve or SystemOperation.ReservePlaceholder or SystemOperation.MapObjectAnywhere:
                lock (_gate)
                {
                    _open[address] = byteCount;
                }

                break;
            case SystemOperation.Release or SystemOperation.ReleaseObject:
                Remove(address, byteCount);
                break;
            default:
                break;
        }
    }

    public override string ToString()
    {
        lock (_gate)
        {
            return string.Join('\n', _open.Select(
                static range => FormattableString.Invariant($"{range.Value:N0} bytes at 0x{range.Key:x}")));
        }
    }

    // Several reservations side by side may be released as one.
    private void Remove(nuint address, nuint byteCount)
    {
        lock (_gate)
        {
            nuint[] released = [.. _open.Keys.Where(start => start - address < byteCount)];
            foreach (nuint start in released)
            {
                _open.Remove(start);
            }
        }
    }
}
