namespace NativeVm.Testing;

/// <summary>
/// Operations that are to run against each other, on something that is made anew for every order
/// (<see cref="Interleavings"/>).
/// </summary>
public abstract class InterleavingScenario : IDisposable
{
    /// <summary>The operations, two or more, each of which gets a thread of its own. An exception is a failure.</summary>
    public abstract IReadOnlyList<Action> Operations { get; }

    /// <summary>Throws unless all is as it has to be, after the operations.</summary>
    public abstract void Verify();

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Gives back what the scenario holds.</summary>
    /// <param name="disposing">Always <see langword="true"/>.</param>
    protected virtual void Dispose(bool disposing)
    {
    }
}
