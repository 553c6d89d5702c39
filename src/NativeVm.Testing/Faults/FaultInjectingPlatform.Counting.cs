using NativeVm.Platform;

namespace NativeVm.Testing;

public sealed partial class FaultInjectingPlatform
{
    // The ordinal of a call that is passed on uncounted.
    private const long Uncounted = 0;

    /// <summary>Counts a call and asks the plan; <see langword="true"/> when the call is to be refused.</summary>
    private bool IsRefused(
        SystemOperation operation, nuint address, nuint byteCount, out SystemCall call, out SystemReply refusal)
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
                ++_callCount, ++_operationCounts[(byte)operation], operation, address, byteCount);
            _log.Begin(call);
            if (_plan.Refuses(call))
            {
                _injectedCount++;
                refusal = _plan.Refuse(call);
                _log.End(call, new RecordedCall(call, CallOutcome.Injected, refusal.Reason));
                return true;
            }
        }

        // Outside of the lock: an observer may keep the thread waiting.
        _observer?.Calling(call);
        return false;
    }

    private SystemReply End(in SystemCall call, SystemReply reply) => End(call, reply, call.Address);

    private SystemReply End(in SystemCall call, SystemReply reply, nuint address)
    {
        if (call.Ordinal != Uncounted)
        {
            CallOutcome outcome = reply.IsSuccess ? CallOutcome.Succeeded : CallOutcome.Refused;
            lock (_gate)
            {
                _log.End(call, new RecordedCall(call with { Address = address }, outcome, reply.Reason));
            }

            _observer?.Called(call with { Address = address });
        }

        return reply;
    }

    private static bool IsQuery(SystemOperation operation) => operation
        is SystemOperation.Query
        or SystemOperation.QueryResident
        or SystemOperation.CountMappings
        or SystemOperation.GetObjectByteCount
        or SystemOperation.QueryProcess;
}
