using System.Diagnostics;
using NativeVm.Diagnostics;
using NativeVm.Platform;

namespace NativeVm;

/// <summary>
/// The outcome of an operation on a map: one of the kernel's codes and, when the operating system refused, its
/// refusal with the error number and the remedy. Whatever it is other than success, nothing has changed.
/// </summary>
/// <remarks>Two results are equal when their codes are.</remarks>
[DebuggerDisplay("{ToString(),nq}")]
public readonly struct VmResult : IEquatable<VmResult>
{
    // The refusal travels as an exception that nobody has thrown: one reference keeps the struct in two registers.
    private readonly SystemRefusedException? _refusal;

    private VmResult(VmResultCode code, SystemRefusedException? refusal = null)
    {
        Code = code;
        _refusal = refusal;
    }

    /// <summary>Done.</summary>
    public static VmResult Success => default;

    /// <summary>No free range fits, or the range asked for is taken.</summary>
    public static VmResult NoSpace => new(VmResultCode.NoSpace);

    /// <summary>The range lies outside the map, is empty or wraps, or has a hole where none may be.</summary>
    public static VmResult InvalidAddress => new(VmResultCode.InvalidAddress);

    /// <summary>An argument has a value that the operation does not know.</summary>
    public static VmResult InvalidArgument => new(VmResultCode.InvalidArgument);

    /// <summary>An entry's maximum protection forbids it.</summary>
    public static VmResult ProtectionFailure => new(VmResultCode.ProtectionFailure);

    /// <summary>The system refused, or memory for the metadata ran out.</summary>
    public static VmResult ResourceShortage => new(VmResultCode.ResourceShortage);

    /// <summary>The kernel's code.</summary>
    public VmResultCode Code { get; }

    /// <summary>Whether it is done.</summary>
    public bool IsSuccess => Code == VmResultCode.Success;

    /// <summary>The operating system's refusal, or <see cref="SystemReply.Success"/> when it was not the system that failed.</summary>
    public SystemReply Refusal => _refusal?.Reply ?? default;

    /// <summary>Whether the codes are equal.</summary>
    /// <param name="left">One result.</param>
    /// <param name="right">Another.</param>
    public static bool operator ==(VmResult left, VmResult right) => left.Code == right.Code;

    /// <summary>Whether the codes differ.</summary>
    /// <param name="left">One result.</param>
    /// <param name="right">Another.</param>
    public static bool operator !=(VmResult left, VmResult right) => left.Code != right.Code;

    /// <summary>The result of an operation that the operating system refused.</summary>
    /// <param name="reply">The refusal.</param>
    public static VmResult Refused(in SystemReply reply)
    {
        NativeVmEventSource.Refused(reply);
        return new(VmResultCode.ResourceShortage, new SystemRefusedException(reply));
    }

    /// <summary>Throws unless it is done.</summary>
    /// <exception cref="SystemRefusedException">The operating system refused.</exception>
    /// <exception cref="VmMapException">The operation failed for another reason; its result is in the exception.</exception>
    public void ThrowIfFailed()
    {
        if (!IsSuccess)
        {
            throw (Exception?)_refusal ?? new VmMapException(this);
        }
    }

    /// <inheritdoc/>
    public bool Equals(VmResult other) => Code == other.Code;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is VmResult other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => (int)Code;

    /// <summary>The code and, if there is one, the refusal.</summary>
    public override string ToString() => _refusal is null ? Code.ToString() : $"{Code}: {_refusal.Message}";
}
