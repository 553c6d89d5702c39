namespace NativeVm;

/// <summary>A mark in a <see cref="LinearArena"/>: what is allocated after it is given up when it is left.</summary>
/// <remarks>
/// Scopes are left in the reverse order in which they were entered; anything else throws. It belongs to the thread that
/// uses the arena.
/// </remarks>
public ref struct ArenaScope
{
    private readonly nuint _position;
    private readonly ulong _number;
    private readonly ulong _outer;
    private LinearArena? _arena;

    internal ArenaScope(LinearArena arena, nuint position, ulong number, ulong outer)
    {
        _arena = arena;
        _position = position;
        _number = number;
        _outer = outer;
    }

    /// <summary>Gives up what was allocated since the scope was entered, and stays in it.</summary>
    /// <exception cref="InvalidOperationException">
    /// A scope that was entered later is open, this one has been left, or a red zone was overwritten.
    /// </exception>
    /// <exception cref="Platform.SystemRefusedException">
    /// With <see cref="ArenaChecks.Guards"/>: the system refused to take pages back; nothing has changed.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The arena has been disposed of.</exception>
    public readonly void Rewind()
    {
        if (_arena is null)
        {
            throw new InvalidOperationException("The scope has been left already.");
        }

        _arena.RewindScope(_position, _number);
    }

    /// <summary>Leaves the scope and keeps what was allocated in it, for the scope around it to give up.</summary>
    /// <exception cref="InvalidOperationException">A scope that was entered later is open.</exception>
    public void Keep() => Leave(keeps: true);

    /// <summary>Leaves the scope and gives up what was allocated in it. A second call does nothing.</summary>
    /// <exception cref="InvalidOperationException">
    /// A scope that was entered later is open, or a copy of this one has been left, or a red zone was overwritten; the
    /// scope is then not left.
    /// </exception>
    /// <exception cref="Platform.SystemRefusedException">
    /// With <see cref="ArenaChecks.Guards"/>: the system refused to take pages back; the scope is then not left.
    /// </exception>
    public void Dispose() => Leave(keeps: false);

    private void Leave(bool keeps)
    {
        _arena?.LeaveScope(_position, _number, _outer, keeps);
        _arena = null;
    }
}
