namespace NativeVm.Testing;

/// <summary>What a <see cref="FaultInjectingPlatform"/> counts and remembers. Immutable.</summary>
public sealed record FaultInjectionOptions
{
    /// <summary>
    /// Whether queries (of an address, of residency, of mappings, of the process) are counted, refused and recorded
    /// like other calls. They are not by default, so that a test may look at the system without shifting the
    /// ordinals of the calls that it wants to fail.
    /// </summary>
    public bool CountsQueries { get; init; }

    /// <summary>How many calls the log keeps, the latest; 4,096 by default, 0 for no log.</summary>
    public int LogCapacity { get; init; } = 4096;

    /// <summary>Who is told of every counted call that is passed on; nobody by default.</summary>
    public ICallObserver? Observer { get; init; }
}
