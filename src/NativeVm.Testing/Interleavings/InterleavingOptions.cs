namespace NativeVm.Testing;

/// <summary>How far <see cref="Interleavings"/> looks. Immutable.</summary>
public sealed record InterleavingOptions
{
    /// <summary>Orders that are tried at most; 10,000 by default.</summary>
    public int MaxRunCount { get; init; } = 10_000;

    /// <summary>
    /// How long a thread that sleeps on a lock may take to its next point before another one is let go on; 2 milliseconds
    /// by default. A thread that only spins gets fifty times as long.
    /// </summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMilliseconds(2);
}
