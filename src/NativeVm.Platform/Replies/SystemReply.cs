using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace NativeVm.Platform;

/// <summary>
/// The system's answer to one request: success, which is the default value, or a refusal with the operation, the
/// range, the error number and what can be done about it.
/// </summary>
/// <remarks>A refusal means that the state is what it was before the request.</remarks>
[DebuggerDisplay("{ToString(),nq}")]
public readonly record struct SystemReply
{
    private SystemReply(
        SystemOperation operation, nuint address, nuint byteCount, RefusalReason reason, ErrorDomain domain, int error)
    {
        Operation = operation;
        Address = address;
        ByteCount = byteCount;
        Reason = reason;
        Domain = domain;
        ErrorNumber = error;
    }

    /// <summary>The system did what it was asked.</summary>
    public static SystemReply Success => default;

    /// <summary>Whether the system did what it was asked.</summary>
    public bool IsSuccess => Reason == RefusalReason.None;

    /// <summary>Whether the system refused.</summary>
    public bool IsRefused => Reason != RefusalReason.None;

    /// <summary>What was asked.</summary>
    public SystemOperation Operation { get; }

    /// <summary>The start of the range that was asked for; 0 when the system was free to choose.</summary>
    public nuint Address { get; }

    /// <summary>The length of the range that was asked for, in bytes.</summary>
    public nuint ByteCount { get; }

    /// <summary>Why the system refused.</summary>
    public RefusalReason Reason { get; }

    /// <summary>Whose error number <see cref="ErrorNumber"/> is.</summary>
    public ErrorDomain Domain { get; }

    /// <summary>The system's own error number.</summary>
    public int ErrorNumber { get; }

    /// <summary>A refusal.</summary>
    /// <param name="operation">What was asked.</param>
    /// <param name="address">The start of the range that was asked for.</param>
    /// <param name="byteCount">The length of the range that was asked for, in bytes.</param>
    /// <param name="reason">Why it was refused; not <see cref="RefusalReason.None"/>.</param>
    /// <param name="domain">Whose error number it is.</param>
    /// <param name="errorNumber">The system's own error number.</param>
    public static SystemReply Refused(
        SystemOperation operation, nuint address, nuint byteCount, RefusalReason reason, ErrorDomain domain, int errorNumber)
    {
        if (reason == RefusalReason.None)
        {
            throw new ArgumentOutOfRangeException(nameof(reason), reason, "A refusal has a reason.");
        }

        return new(operation, address, byteCount, reason, domain, errorNumber);
    }

    /// <summary>Throws when the system refused, and does nothing otherwise.</summary>
    /// <exception cref="SystemRefusedException">The system refused.</exception>
    public void ThrowIfRefused()
    {
        if (IsRefused)
        {
            Throw();
        }
    }

    /// <summary>The operation, the range, the error number and the remedy, in one sentence each.</summary>
    public override string ToString() => IsSuccess ? "Success" : RefusalText.Describe(this);

    [DoesNotReturn]
    private void Throw() => throw new SystemRefusedException(this);
}
