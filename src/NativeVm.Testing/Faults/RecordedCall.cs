using NativeVm.Platform;

namespace NativeVm.Testing;

/// <summary>A call that has been made through a <see cref="FaultInjectingPlatform"/>, and how it ended.</summary>
/// <param name="Call">The call; for a reservation that succeeded, with the address that was chosen.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Reason">Why it was refused; <see cref="RefusalReason.None"/> when it was not.</param>
public readonly record struct RecordedCall(SystemCall Call, CallOutcome Outcome, RefusalReason Reason)
{
    /// <summary>The call in one line, for the message of a failed test.</summary>
    public override string ToString()
    {
        string outcome = Outcome switch
        {
            CallOutcome.Succeeded => "",
            CallOutcome.Refused => $": refused, {Reason}",
            CallOutcome.Injected => $": refused by the plan, {Reason}",
            _ => ": unfinished",
        };
        string source = string.IsNullOrEmpty(Call.Source) ? "" : $" [{Call.Source}]";
        return FormattableString.Invariant(
            $"{Call.Ordinal,4} {Call.Operation} of {Call.ByteCount:N0} bytes at 0x{Call.Address:x}{source}{outcome}");
    }
}
