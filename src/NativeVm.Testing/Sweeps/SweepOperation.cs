namespace NativeVm.Testing;

/// <summary>What is swept: how its state is made, the operation, and what must hold after it.</summary>
internal sealed record SweepOperation<TState>(
    Func<FaultPlatforms, TState> Setup, Func<TState, bool> Act, Action<TState, bool> Verify)
{
    /// <summary>Which exceptions are failures that the operation documents.</summary>
    public required Func<Exception, bool> IsRefusal { get; init; }

    /// <summary>Reservations that may stay although the state has been disposed of.</summary>
    public int KeptReservationCount { get; init; }

    /// <summary>Whether the operation ends what it works on: then what the system would not take back may stay.</summary>
    public bool IsFinal { get; init; }
}
