using NativeVm.Platform;

namespace NativeVm.Testing;

/// <summary>
/// A simulated platform was asked for what a correct program never asks: a commit outside a reservation, a second
/// release, a change of pages that are not committed. On a real system the call would have failed, or would have
/// changed somebody else's memory.
/// </summary>
/// <remarks>
/// It is an exception and not a refusal, because code under test handles refusals, and this is a defect in that
/// code. The state of the simulation is what it was before the call.
/// </remarks>
public sealed class UnlawfulUseException : Exception
{
    /// <summary>An exception for a call on a range.</summary>
    /// <param name="operation">What was asked.</param>
    /// <param name="address">Start of the range that was asked for.</param>
    /// <param name="byteCount">Its length in bytes.</param>
    /// <param name="message">What is wrong, and what lies at the range.</param>
    public UnlawfulUseException(SystemOperation operation, nuint address, nuint byteCount, string message)
        : base(message)
    {
        Operation = operation;
        Address = address;
        ByteCount = byteCount;
    }

    /// <summary>An exception with a text only.</summary>
    /// <param name="message">The text.</param>
    public UnlawfulUseException(string message)
        : base(message)
    {
    }

    /// <summary>An exception with a text and a cause.</summary>
    /// <param name="message">The text.</param>
    /// <param name="innerException">The cause.</param>
    public UnlawfulUseException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>An exception without a text of its own.</summary>
    public UnlawfulUseException()
    {
    }

    /// <summary>What was asked; <see cref="SystemOperation.None"/> for an access to memory.</summary>
    public SystemOperation Operation { get; }

    /// <summary>Start of the range that was asked for.</summary>
    public nuint Address { get; }

    /// <summary>Length of the range that was asked for, in bytes.</summary>
    public nuint ByteCount { get; }
}
