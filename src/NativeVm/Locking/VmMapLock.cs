using System.Diagnostics.CodeAnalysis;

namespace NativeVm.Locking;

/// <summary>
/// A map's lock: shared by many or exclusive to one thread, which may take it again; after <c>vm_map_lock(9)</c>.
/// </summary>
/// <remarks>
/// <para>
/// The state is one word: 0 when free, the number of sharers when positive, -1 when exclusive. Taking and leaving
/// it uncontended is one compare-and-swap each. Whoever cannot have it spins for a moment and then sleeps on a
/// monitor; who leaves it looks at the number of sleepers after the swap, and who goes to sleep announces himself
/// before the last try, so that no wake-up is lost. A thread that waits for the exclusive lock keeps new sharers
/// out, so that readers cannot starve it.
/// </para>
/// <para>
/// The timestamp rises whenever the exclusive lock is taken from outside, an upgrade included: who remembers it
/// knows later whether the map can have changed. Sharers are counted, not known by name: a thread that shares the
/// lock and asks for it exclusively without upgrading waits for itself for ever.
/// </para>
/// </remarks>
internal sealed class VmMapLock
{
    private const int Free = 0;
    private const int Exclusive = -1;
    private const int SpinsBeforeSleep = 20;

    private readonly object _monitor = new();
    private int _state;
    private int _sleepers;
    private int _exclusiveWaiters;

    // Written by the owner only; any thread may read it, and can find its own id there only if it wrote it.
    private int _owner;
    private int _depth;

    /// <summary>Rises by one whenever the exclusive lock is taken.</summary>
    public uint Timestamp { get; private set; }

    /// <summary>Whether this thread holds the lock exclusively.</summary>
    public bool IsExclusiveMine => Volatile.Read(ref _owner) == ThreadNumber.Mine;

    /// <summary>Whether anybody holds the lock, in any way.</summary>
    public bool IsHeld => Volatile.Read(ref _state) != Free;

    public void EnterExclusive()
    {
        int me = ThreadNumber.Mine;
        if (_owner == me)
        {
            _depth++;
            return;
        }

        if (Interlocked.CompareExchange(ref _state, Exclusive, Free) != Free)
        {
            Interlocked.Increment(ref _exclusiveWaiters);
            Wait(static map => Interlocked.CompareExchange(ref map._state, Exclusive, Free) == Free);
            Interlocked.Decrement(ref _exclusiveWaiters);
        }

        Own(me);
    }

    public void ExitExclusive()
    {
        if (!IsExclusiveMine)
        {
            ThrowNotHeld();
        }

        if (_depth > 0)
        {
            _depth--;
            return;
        }

        _owner = 0;
        Interlocked.Exchange(ref _state, Free);
        WakeSleepers();
    }

    /// <summary>Shares the lock, or takes it once more if this thread has it exclusively.</summary>
    /// <returns>Whether it is shared; otherwise it is to be left with <see cref="ExitExclusive"/>.</returns>
    public bool EnterShared()
    {
        if (IsExclusiveMine)
        {
            _depth++;
            return false;
        }

        if (!TryShare(this))
        {
            Wait(TryShare);
        }

        return true;
    }

    /// <summary>As <see cref="EnterShared"/>, for who had rather go without than wait for long.</summary>
    /// <param name="millisecondsTimeout">How long to wait, about.</param>
    /// <param name="isShared">Whether it is shared; otherwise it is to be left with <see cref="ExitExclusive"/>.</param>
    /// <returns>Whether this thread has the lock.</returns>
    public bool TryEnterShared(int millisecondsTimeout, out bool isShared)
    {
        isShared = !IsExclusiveMine;
        if (!isShared)
        {
            return EnterShared() == isShared;
        }

        long end = Environment.TickCount64 + millisecondsTimeout;
        SpinWait spin = default;
        while (!TryShare(this))
        {
            if (Environment.TickCount64 >= end)
            {
                return false;
            }

            spin.SpinOnce(sleep1Threshold: SpinsBeforeSleep);
        }

        return true;
    }

    public void ExitShared()
    {
        if (Volatile.Read(ref _state) <= Free)
        {
            ThrowNotHeld();
        }

        Interlocked.Decrement(ref _state);
        WakeSleepers();
    }

    /// <summary>Turns the only share into the exclusive lock; <see langword="false"/>, still sharing, when there are others.</summary>
    public bool TryUpgrade()
    {
        if (Interlocked.CompareExchange(ref _state, Exclusive, 1) != 1)
        {
            return false;
        }

        Own(ThreadNumber.Mine);
        return true;
    }

    /// <summary>Turns the exclusive lock, held once, into a share, without letting anybody in between.</summary>
    public void Downgrade()
    {
        if (!IsExclusiveMine || _depth > 0)
        {
            ThrowNotHeld();
        }

        _owner = 0;
        Interlocked.Exchange(ref _state, 1);
        WakeSleepers();
    }

    [DoesNotReturn]
    private static void ThrowNotHeld() =>
        throw new SynchronizationLockException("This thread does not hold the map's lock in the way that this needs.");

    private static bool TryShare(VmMapLock map)
    {
        int state = Volatile.Read(ref map._state);
        return state >= Free
            && Volatile.Read(ref map._exclusiveWaiters) == 0
            && Interlocked.CompareExchange(ref map._state, state + 1, state) == state;
    }

    private void Own(int me)
    {
        _owner = me;
        _depth = 0;
        Timestamp = unchecked(Timestamp + 1);
    }

    private void Wait(Func<VmMapLock, bool> tryEnter)
    {
        SpinWait spin = default;
        for (int spins = 0; spins < SpinsBeforeSleep; spins++)
        {
            if (tryEnter(this))
            {
                return;
            }

            spin.SpinOnce(sleep1Threshold: -1);
        }

        lock (_monitor)
        {
            Interlocked.Increment(ref _sleepers);
            while (!tryEnter(this))
            {
                // A sharer that failed the swap only because another one came in meanwhile has nobody to wake it.
                Monitor.Wait(_monitor, millisecondsTimeout: 1);
            }

            Interlocked.Decrement(ref _sleepers);
        }
    }

    private void WakeSleepers()
    {
        if (Volatile.Read(ref _sleepers) != 0)
        {
            lock (_monitor)
            {
                Monitor.PulseAll(_monitor);
            }
        }
    }
}
