namespace NativeVm;

public sealed partial class LinearArena
{
    // The number of the scope that was opened last and is still open; 0 for none. Numbers are never used again.
    private ulong _innermostScope;
    private ulong _lastScope;
    private nuint _openScopeCount;

    /// <summary>Remembers where the arena stands, and gives up all that is allocated from now on when it is left.</summary>
    /// <returns>The scope, left by disposing of it.</returns>
    /// <exception cref="ObjectDisposedException">The arena has been disposed of.</exception>
    public ArenaScope EnterScope()
    {
        ThrowIfDisposed();
        ulong outer = _innermostScope;
        _innermostScope = ++_lastScope;
        _openScopeCount++;
        return new ArenaScope(this, _position, _innermostScope, outer);
    }

    internal void RewindScope(nuint position, ulong number)
    {
        ThrowIfDisposed();
        ThrowUnlessInnermost(number);
        RewindTo(position);
    }

    internal void LeaveScope(nuint position, ulong number, ulong outer, bool keeps)
    {
        if (_range.IsDisposed)
        {
            return;
        }

        ThrowUnlessInnermost(number);
        if (!keeps)
        {
            RewindTo(position);
        }

        _innermostScope = outer;
        _openScopeCount--;
    }

    private void ThrowUnlessInnermost(ulong number)
    {
        if (_innermostScope != number)
        {
            throw new InvalidOperationException(number > _innermostScope
                ? $"This scope of the arena '{Name}' has been left already."
                : $"In the arena '{Name}' a scope that was opened later is still in use; it has to be left first.");
        }
    }

    private void ThrowIfScopeIsOpen()
    {
        if (_innermostScope != 0)
        {
            throw new InvalidOperationException($"A scope of the arena '{Name}' is still in use; it has to be left before a reset.");
        }
    }
}
