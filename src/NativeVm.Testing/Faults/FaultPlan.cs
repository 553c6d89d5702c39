using NativeVm.Platform;

namespace NativeVm.Testing;

/// <summary>
/// Which calls a <see cref="FaultInjectingPlatform"/> refuses, and with what words. Immutable; but for
/// <see cref="When"/>, whose delegate may remember, one plan can be used by many platforms.
/// </summary>
public sealed class FaultPlan
{
    private const int OutOfMemoryErrno = 12;

    private readonly Func<SystemCall, bool>? _refuses;
    private readonly string _description;

    private FaultPlan(Func<SystemCall, bool>? refuses, string description)
    {
        _refuses = refuses;
        _description = description;
    }

    /// <summary>Refuses nothing: the platform only counts and records.</summary>
    public static FaultPlan None { get; } = new(null, "no call");

    /// <summary>
    /// The reason that refusals carry; <see cref="RefusalReason.OutOfMemory"/> unless told otherwise.
    /// </summary>
    public RefusalReason Reason { get; private init; } = RefusalReason.OutOfMemory;

    /// <summary>Whose error number <see cref="ErrorNumber"/> is.</summary>
    public ErrorDomain Domain { get; private init; } = ErrorDomain.Errno;

    /// <summary>The error number that refusals carry; ENOMEM (12) unless told otherwise.</summary>
    public int ErrorNumber { get; private init; } = OutOfMemoryErrno;

    /// <summary>Refuses one call.</summary>
    /// <param name="ordinal">Which; the first is 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The ordinal is below 1.</exception>
    public static FaultPlan Call(long ordinal) => Calls(ordinal, 1);

    /// <summary>Refuses a call and the one after it: a failure, and another in the handling of the first.</summary>
    /// <param name="ordinal">Which is the first; counted from 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The ordinal is below 1.</exception>
    public static FaultPlan CallAndNext(long ordinal) => Calls(ordinal, 2);

    /// <summary>Refuses several calls in a row.</summary>
    /// <param name="first">Which is the first; counted from 1.</param>
    /// <param name="count">How many; <see cref="long.MaxValue"/> for all that follow.</param>
    /// <exception cref="ArgumentOutOfRangeException">The first is below 1, or the count is negative.</exception>
    public static FaultPlan Calls(long first, long count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(first, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        string which = count == long.MaxValue ? $"every call from number {first} on"
            : count == 1 ? $"call {first}"
            : $"{count} calls from number {first} on";
        return new(call => call.Ordinal >= first && call.Ordinal - first < count, which);
    }

    /// <summary>Refuses one kind of call.</summary>
    /// <param name="operation">Which kind.</param>
    /// <param name="from">The first of that kind to refuse, counted from 1.</param>
    /// <param name="count">
    /// How many of that kind; <see cref="long.MaxValue"/>, the default, for all that follow.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The first is below 1, or the count is negative.</exception>
    public static FaultPlan Operation(SystemOperation operation, long from = 1, long count = long.MaxValue)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(from, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        string which = count == long.MaxValue ? $"every {operation} from number {from} on"
            : $"{count} of {operation} from number {from} on";
        return new(
            call => call.Operation == operation
                && call.OperationOrdinal >= from
                && call.OperationOrdinal - from < count,
            which);
    }

    /// <summary>Refuses the calls for which a delegate says so.</summary>
    /// <param name="refuses">
    /// Asked once for every counted call, one call at a time, before it is made. It may change the system
    /// underneath, for example place a foreign mapping where the call wants to go, and answer <see langword="false"/>:
    /// so a race with another thread is made to happen when the test wants it. It must not call the fault-injecting
    /// platform itself.
    /// </param>
    public static FaultPlan When(Func<SystemCall, bool> refuses)
    {
        ArgumentNullException.ThrowIfNull(refuses);
        return new(refuses, "the calls that a delegate chooses");
    }

    /// <summary>The same plan with other words: what its refusals carry.</summary>
    /// <param name="reason">The reason; not <see cref="RefusalReason.None"/>.</param>
    /// <param name="errorNumber">The error number.</param>
    /// <param name="domain">Whose error number it is.</param>
    /// <exception cref="ArgumentOutOfRangeException">The reason is none.</exception>
    public FaultPlan Saying(RefusalReason reason, int errorNumber, ErrorDomain domain = ErrorDomain.Errno)
    {
        ArgumentOutOfRangeException.ThrowIfEqual((byte)reason, (byte)RefusalReason.None, nameof(reason));
        return new(_refuses, _description) { Reason = reason, ErrorNumber = errorNumber, Domain = domain };
    }

    /// <summary>What is refused, and with what reason.</summary>
    public override string ToString() => _refuses is null ? _description : $"{_description}, {Reason}";

    internal bool Refuses(in SystemCall call) => _refuses is not null && _refuses(call);

    internal SystemReply Refuse(in SystemCall call) =>
        SystemReply.Refused(call.Operation, call.Address, call.ByteCount, Reason, Domain, ErrorNumber);
}
