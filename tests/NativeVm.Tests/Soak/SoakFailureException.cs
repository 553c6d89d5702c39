namespace NativeVm.Tests.Soak;

/// <summary>Memory did not hold what it had to.</summary>
public sealed class SoakFailureException : Exception
{
    /// <summary>A failure.</summary>
    public SoakFailureException(string message)
        : base(message)
    {
    }

    /// <summary>A failure that another one led to.</summary>
    public SoakFailureException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>A failure.</summary>
    public SoakFailureException()
    {
    }
}
