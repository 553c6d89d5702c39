namespace NativeVm;

public sealed partial class DoubleEndedArena
{
    // For each end the number of the scope that was opened last and is still open; 0 for none.
    private ulong _innermostLow;
    private ulong _innermostHigh;
    private ulong _lastScope;
    private nuint _openScopeCount;

    /// <summary>Remembers where one end stands, and gives up all that it hands out from now on when it is left.</summary>
    /// <param name="end">The end.</param>
    /// <returns>The scope, left by disposing of it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such end.</exception>
    /// <exception cref="ObjectDisposedException">The arena has been disposed of.</exception>
    public DoubleEndedArenaScope EnterScope(ArenaEnd end)
    {
        ThrowIfDisposed();
        ArgumentOutOfRangeException.ThrowIfGreaterThan((byte)end, (byte)ArenaEnd.High, nameof(end));
        ref ulong innermost = ref InnermostOf(end);
        ulong outer = innermost;
        innermost = ++_lastScope;
        _openScopeCount++;
        return new DoubleEndedArenaScope(this, end, end == ArenaEnd.Low ? _low : _high, innermost, outer);
    }

    internal void LeaveScope(ArenaEnd end, nuint position, ulong number, ulong outer)
    {
        if (_range.IsDisposed)
        {
            return;
        }

        ref ulong innermost = ref InnermostOf(end);
        if (innermost != number)
        {
            throw new InvalidOperationException(number > innermost
                ? $"This scope of the arena '{Name}' has been left already."
                : $"At this end of the arena '{Name}' a scope that was opened later is still in use; it has to be left first.");
        }

        RewindTo(end, position);
        innermost = outer;
        _openScopeCount--;
    }

    private ref ulong InnermostOf(ArenaEnd end) => ref end == ArenaEnd.Low ? ref _innermostLow : ref _innermostHigh;

    private void ThrowIfScopeIsOpen()
    {
        if (_openScopeCount != 0)
        {
            throw new InvalidOperationException($"A scope of the arena '{Name}' is still in use; it has to be left before a reset.");
        }
    }
}
