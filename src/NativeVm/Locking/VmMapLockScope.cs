using NativeVm.Locking;

namespace NativeVm;

/// <summary>
/// A map's lock, held until <see cref="Dispose"/>, which the thread that took it calls, once.
/// </summary>
public ref struct VmMapLockScope
{
    private VmMapLock? _lock;

    internal VmMapLockScope(VmMapLock held, bool isExclusive)
    {
        _lock = held;
        IsExclusive = isExclusive;
    }

    /// <summary>Whether the lock is held exclusively.</summary>
    public bool IsExclusive { get; private set; }

    /// <summary>
    /// Turns a shared lock into the exclusive one without letting anybody in between; raises the map's timestamp.
    /// </summary>
    /// <returns>
    /// <see langword="false"/> when others share the lock too; it is then still shared, as it was, and waiting for
    /// the others would be waiting for one that waits for this one.
    /// </returns>
    /// <exception cref="ObjectDisposedException">The lock has been left.</exception>
    public bool TryUpgrade()
    {
        ObjectDisposedException.ThrowIf(_lock is null, typeof(VmMapLockScope));
        IsExclusive = IsExclusive || _lock.TryUpgrade();
        return IsExclusive;
    }

    /// <summary>Turns the exclusive lock into a shared one without letting anybody in between.</summary>
    /// <exception cref="ObjectDisposedException">The lock has been left.</exception>
    /// <exception cref="SynchronizationLockException">This thread holds the lock more than once.</exception>
    public void Downgrade()
    {
        ObjectDisposedException.ThrowIf(_lock is null, typeof(VmMapLockScope));
        if (IsExclusive)
        {
            _lock.Downgrade();
            IsExclusive = false;
        }
    }

    /// <summary>Leaves the lock; does nothing the second time.</summary>
    public void Dispose()
    {
        VmMapLock? held = _lock;
        _lock = null;
        if (held is null)
        {
            return;
        }

        if (IsExclusive)
        {
            held.ExitExclusive();
        }
        else
        {
            held.ExitShared();
        }
    }
}
