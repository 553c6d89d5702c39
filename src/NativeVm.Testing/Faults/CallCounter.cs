using NativeVm.Platform;

namespace NativeVm.Testing;

/// <summary>
/// The plan in force, the count of calls and their log, of one <see cref="FaultInjectingPlatform"/> or of several that
/// number their calls in one sequence. Thread-safe; one call at a time.
/// </summary>
internal sealed class CallCounter(FaultInjectionOptions options)
{
    private readonly Lock _gate = new();
    private readonly bool _countsQueries = options.CountsQueries;
    private readonly CallLog _log = new(options.LogCapacity);
    private readonly long[] _operationCounts = new long[byte.MaxValue + 1];
    private FaultPlan _plan = FaultPlan.None;
    private long _callCount;
    private long _injectedCount;

    public FaultPlan Plan => Read(static counter => counter._plan);

    public long CallCount => Read(static counter => counter._callCount);

    public long InjectedCount => Read(static counter => counter._injectedCount);

    public RecordedCall[] RecordedCalls() => Read(static counter => counter._log.ToArray());

    public void Arm(FaultPlan plan)
    {
        lock (_gate)
        {
            _plan = plan;
            _callCount = 0;
            _injectedCount = 0;
            Array.Clear(_operationCounts);
            _log.Clear();
        }
    }

    public void Disarm()
    {
        lock (_gate)
        {
            _plan = FaultPlan.None;
        }
    }

    public long CallCountOf(SystemOperation operation)
    {
        lock (_gate)
        {
            return _operationCounts[(byte)operation];
        }
    }

    /// <summary>Counts a call and asks the plan; <see langword="true"/> when the call is to be refused.</summary>
    public bool IsRefused(
        string source,
        SystemOperation operation,
        nuint address,
        nuint byteCount,
        out SystemCall call,
        out SystemReply refusal)
    {
        refusal = SystemReply.Success;
        call = default;
        if (!_countsQueries && IsQuery(operation))
        {
            return false;
        }

        lock (_gate)
        {
            call = new SystemCall(
                ++_callCount, ++_operationCounts[(byte)operation], operation, address, byteCount)
            {
                Source = source,
            };
            _log.Begin(call);
            if (!_plan.Refuses(call))
            {
                return false;
            }

            _injectedCount++;
            refusal = _plan.Refuse(call);
            _log.End(call, new RecordedCall(call, CallOutcome.Injected, refusal.Reason));
            return true;
        }
    }

    /// <summary>Notes how a call that was passed on ended, and for a reservation where it lies.</summary>
    public void End(in SystemCall call, SystemReply reply, nuint address)
    {
        CallOutcome outcome = reply.IsSuccess ? CallOutcome.Succeeded : CallOutcome.Refused;
        lock (_gate)
        {
            _log.End(call, new RecordedCall(call with { Address = address }, outcome, reply.Reason));
        }
    }

    private static bool IsQuery(SystemOperation operation) => operation
        is SystemOperation.Query
        or SystemOperation.QueryResident
        or SystemOperation.CountMappings
        or SystemOperation.GetObjectByteCount
        or SystemOperation.QueryProcess;

    private T Read<T>(Func<CallCounter, T> read)
    {
        lock (_gate)
        {
            return read(this);
        }
    }
}
