using System.Diagnostics.CodeAnalysis;

namespace NativeVm;

public sealed partial class VmMap
{
    /// <summary>Rises whenever the exclusive lock is taken: unchanged, it proves that the map is (<c>map->timestamp</c>).</summary>
    public uint Timestamp => _lock.Timestamp;

    /// <summary>Whether this thread holds the map's lock exclusively.</summary>
    public bool IsWriteLockHeld => _lock.IsExclusiveMine;

    /// <summary>Takes the lock exclusively (<c>vm_map_lock</c>); raises <see cref="Timestamp"/> unless this thread has it.</summary>
    /// <returns>The lock, held until it is disposed of by this thread.</returns>
    /// <remarks>A thread that only shares the lock upgrades it; asking here would be waiting for itself.</remarks>
    /// <exception cref="ObjectDisposedException">The map has been disposed of.</exception>
    public VmMapLockScope EnterWriteLock()
    {
        _lock.EnterExclusive();
        if (_isDisposed)
        {
            _lock.ExitExclusive();
            ThrowDisposed();
        }

        return new VmMapLockScope(_lock, isExclusive: true);
    }

    /// <summary>Shares the lock (<c>vm_map_lock_read</c>); a thread that has it exclusively keeps it so.</summary>
    /// <returns>The lock, held until it is disposed of by this thread.</returns>
    /// <exception cref="ObjectDisposedException">The map has been disposed of.</exception>
    public VmMapLockScope EnterReadLock()
    {
        VmMapLockScope scope = new(_lock, isExclusive: !_lock.EnterShared());
        if (_isDisposed)
        {
            scope.Dispose();
            ThrowDisposed();
        }

        return scope;
    }

    private void RequireWriteLock()
    {
        if (!_lock.IsExclusiveMine)
        {
            ThrowLockNotHeld();
        }

        if (_isDisposed)
        {
            ThrowDisposed();
        }
    }

    private void RequireLock()
    {
        if (!_lock.IsHeld)
        {
            ThrowLockNotHeld();
        }

        if (_isDisposed)
        {
            ThrowDisposed();
        }
    }

    [DoesNotReturn]
    private void ThrowLockNotHeld()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        throw new SynchronizationLockException("The caller has to hold the map's lock for this; see VmMap.EnterWriteLock.");
    }

    [DoesNotReturn]
    private static void ThrowDisposed() => throw new ObjectDisposedException(nameof(VmMap));
}
