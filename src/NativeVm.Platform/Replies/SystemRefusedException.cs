namespace NativeVm.Platform;

/// <summary>The operating system refused a request; the state is what it was before.</summary>
public sealed class SystemRefusedException : Exception
{
    /// <summary>An exception for a refusal.</summary>
    /// <param name="reply">The refusal.</param>
    public SystemRefusedException(SystemReply reply)
        : base(reply.ToString()) => Reply = reply;

    /// <summary>An exception with a text only.</summary>
    /// <param name="message">The text.</param>
    public SystemRefusedException(string message)
        : base(message)
    {
    }

    /// <summary>An exception with a text and a cause.</summary>
    /// <param name="message">The text.</param>
    /// <param name="innerException">The cause.</param>
    public SystemRefusedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>An exception without a text.</summary>
    public SystemRefusedException()
    {
    }

    /// <summary>The refusal: operation, range, reason and error number.</summary>
    public SystemReply Reply { get; }
}
