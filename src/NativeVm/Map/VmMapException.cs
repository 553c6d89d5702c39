namespace NativeVm;

/// <summary>An operation on a map failed, and the caller asked for an exception.</summary>
public sealed class VmMapException : Exception
{
    /// <summary>An exception for a result.</summary>
    /// <param name="result">The result.</param>
    public VmMapException(VmResult result)
        : base($"The operation on the map failed: {result}") => Result = result;

    /// <summary>An exception with a text only.</summary>
    /// <param name="message">The text.</param>
    public VmMapException(string message)
        : base(message)
    {
    }

    /// <summary>An exception with a text and a cause.</summary>
    /// <param name="message">The text.</param>
    /// <param name="innerException">The cause.</param>
    public VmMapException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>An exception without a text.</summary>
    public VmMapException()
    {
    }

    /// <summary>The result of the operation.</summary>
    public VmResult Result { get; }
}
