namespace NativeVm.Testing;

/// <summary>An order in which operations fail.</summary>
public sealed class InterleavingException : Exception
{
    /// <summary>An order, and what went wrong in it.</summary>
    /// <param name="order">The steps, one a line.</param>
    /// <param name="innerException">What went wrong.</param>
    public InterleavingException(string order, Exception innerException)
        : base($"{innerException?.Message}\nThe order was:\n{order}", innerException) => Order = order;

    /// <summary>A failure.</summary>
    /// <param name="message">What went wrong.</param>
    public InterleavingException(string message)
        : base(message)
    {
    }

    /// <summary>A failure.</summary>
    public InterleavingException()
    {
    }

    /// <summary>The steps, one a line.</summary>
    public string Order { get; } = string.Empty;
}
