namespace NativeVm;

/// <summary>A mark at one end of a <see cref="DoubleEndedArena"/>: what that end hands out after it is given up when it is left.</summary>
/// <remarks>Scopes of one end are left in the reverse order in which they were entered; the ends do not know of each other.</remarks>
public ref struct DoubleEndedArenaScope
{
    private readonly ArenaEnd _end;
    private readonly nuint _position;
    private readonly ulong _number;
    private readonly ulong _outer;
    private DoubleEndedArena? _arena;

    internal DoubleEndedArenaScope(DoubleEndedArena arena, ArenaEnd end, nuint position, ulong number, ulong outer)
    {
        _arena = arena;
        _end = end;
        _position = position;
        _number = number;
        _outer = outer;
    }

    /// <summary>Leaves the scope and gives up what its end handed out in it. A second call does nothing.</summary>
    /// <exception cref="InvalidOperationException">
    /// A scope of this end that was entered later is open, or a copy of this one has been left.
    /// </exception>
    public void Dispose()
    {
        _arena?.LeaveScope(_end, _position, _number, _outer);
        _arena = null;
    }
}
