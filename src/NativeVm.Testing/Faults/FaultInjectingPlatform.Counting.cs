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
        if (_counter.IsRefused(_source, operation, address, byteCount, out call, out refusal))
        {
            return true;
        }

        if (call.Ordinal != Uncounted)
        {
            // Outside of the counter's lock: an observer may keep the thread waiting.
            _observer?.Calling(call);
        }

        return false;
    }

    private SystemReply End(in SystemCall call, SystemReply reply) => End(call, reply, call.Address);

    private SystemReply End(in SystemCall call, SystemReply reply, nuint address)
    {
        if (call.Ordinal != Uncounted)
        {
            if (reply.IsSuccess)
            {
                _ledger.Note(call.Operation, address, call.ByteCount);
            }

            _counter.End(call, reply, address);
            _observer?.Called(call with { Address = address });
        }

        return reply;
    }
}
