namespace NativeVm.Testing;

/// <summary>
/// A run of a <see cref="FaultSweep"/> went wrong; the message says under which faults and lists the calls.
/// </summary>
public sealed class FaultSweepException : Exception
{
    /// <summary>An exception with a text only.</summary>
    /// <param name="message">The text.</param>
    public FaultSweepException(string message)
        : base(message)
    {
    }

    /// <summary>An exception with a text and a cause.</summary>
    /// <param name="message">The text.</param>
    /// <param name="innerException">What the operation or its verification threw.</param>
    public FaultSweepException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>An exception without a text of its own.</summary>
    public FaultSweepException()
    {
    }
}
