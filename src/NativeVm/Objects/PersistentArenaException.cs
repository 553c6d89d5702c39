namespace NativeVm;

/// <summary>A <see cref="PersistentArena"/> could not be opened, grown or flushed, and the caller asked for an exception.</summary>
public sealed class PersistentArenaException : Exception
{
    /// <summary>An exception for a failure.</summary>
    /// <param name="failure">What went wrong.</param>
    public PersistentArenaException(PersistentArenaFailure failure)
        : base(failure.ToString()) => Failure = failure;

    /// <summary>An exception with a text only.</summary>
    /// <param name="message">The text.</param>
    public PersistentArenaException(string message)
        : base(message)
    {
    }

    /// <summary>An exception with a text and a cause.</summary>
    /// <param name="message">The text.</param>
    /// <param name="innerException">The cause.</param>
    public PersistentArenaException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>An exception without a text.</summary>
    public PersistentArenaException()
    {
    }

    /// <summary>What went wrong.</summary>
    public PersistentArenaFailure Failure { get; }
}
