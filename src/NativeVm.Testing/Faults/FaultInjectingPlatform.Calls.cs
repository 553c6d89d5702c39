using NativeVm.Platform;

namespace NativeVm.Testing;

public sealed partial class FaultInjectingPlatform
{
    /// <inheritdoc/>
    protected override SystemReply ReserveCore(nuint byteCount, in Placement placement, out nuint address)
    {
        address = 0;
        if (IsRefused(
            SystemOperation.Reserve, placement.LowestAddress, byteCount, out SystemCall call, out SystemReply refusal))
        {
            return refusal;
        }

        SystemReply reply = _inner.Reserve(byteCount, placement, out address);
        return End(call, reply, reply.IsSuccess ? address : call.Address);
    }

    /// <inheritdoc/>
    protected override SystemReply ReleaseCore(nuint address, nuint byteCount) =>
        IsRefused(SystemOperation.Release, address, byteCount, out SystemCall call, out SystemReply refusal)
            ? refusal
            : End(call, _inner.Release(address, byteCount));

    /// <inheritdoc/>
    protected override SystemReply ReleaseTailCore(nuint address, nuint byteCount, nuint keepByteCount) =>
        IsRefused(SystemOperation.ReleaseTail, address, byteCount, out SystemCall call, out SystemReply refusal)
            ? refusal
            : End(call, _inner.ReleaseTail(address, byteCount, keepByteCount));

    /// <inheritdoc/>
    protected override SystemReply CommitCore(nuint address, nuint byteCount, PageProtection protection) =>
        IsRefused(SystemOperation.Commit, address, byteCount, out SystemCall call, out SystemReply refusal)
            ? refusal
            : End(call, _inner.Commit(address, byteCount, protection));

    /// <inheritdoc/>
    protected override SystemReply DecommitCore(nuint address, nuint byteCount, RangeTraits traits) =>
        IsRefused(SystemOperation.Decommit, address, byteCount, out SystemCall call, out SystemReply refusal)
            ? refusal
            : End(call, _inner.Decommit(address, byteCount, traits));

    /// <inheritdoc/>
    protected override SystemReply PurgeCore(nuint address, nuint byteCount) =>
        IsRefused(SystemOperation.Purge, address, byteCount, out SystemCall call, out SystemReply refusal)
            ? refusal
            : End(call, _inner.Purge(address, byteCount));

    /// <inheritdoc/>
    protected override SystemReply ProtectCore(nuint address, nuint byteCount, PageProtection protection) =>
        IsRefused(SystemOperation.Protect, address, byteCount, out SystemCall call, out SystemReply refusal)
            ? refusal
            : End(call, _inner.Protect(address, byteCount, protection));

    /// <inheritdoc/>
    protected override SystemReply AdviseCore(nuint address, nuint byteCount, PageAdvice advice) =>
        IsRefused(SystemOperation.Advise, address, byteCount, out SystemCall call, out SystemReply refusal)
            ? refusal
            : End(call, _inner.Advise(address, byteCount, advice));

    /// <inheritdoc/>
    protected override SystemReply PrefaultCore(nuint address, nuint byteCount) =>
        IsRefused(SystemOperation.Prefault, address, byteCount, out SystemCall call, out SystemReply refusal)
            ? refusal
            : End(call, _inner.Prefault(address, byteCount));

    /// <inheritdoc/>
    protected override SystemReply LockCore(nuint address, nuint byteCount) =>
        IsRefused(SystemOperation.Lock, address, byteCount, out SystemCall call, out SystemReply refusal)
            ? refusal
            : End(call, _inner.Lock(address, byteCount));

    /// <inheritdoc/>
    protected override SystemReply UnlockCore(nuint address, nuint byteCount) =>
        IsRefused(SystemOperation.Unlock, address, byteCount, out SystemCall call, out SystemReply refusal)
            ? refusal
            : End(call, _inner.Unlock(address, byteCount));

    /// <inheritdoc/>
    protected override SystemReply QueryCore(nuint address, out RegionInfo region)
    {
        region = default;
        return IsRefused(SystemOperation.Query, address, 0, out SystemCall call, out SystemReply refusal)
            ? refusal
            : End(call, _inner.Query(address, out region));
    }

    /// <inheritdoc/>
    protected override SystemReply QueryResidentCore(nuint address, nuint byteCount, out nuint residentByteCount)
    {
        residentByteCount = 0;
        return IsRefused(
            SystemOperation.QueryResident, address, byteCount, out SystemCall call, out SystemReply refusal)
            ? refusal
            : End(call, _inner.QueryResident(address, byteCount, out residentByteCount));
    }

    /// <inheritdoc/>
    protected override SystemReply CountMappingsCore(nuint address, nuint byteCount, out nuint count)
    {
        count = 0;
        return IsRefused(
            SystemOperation.CountMappings, address, byteCount, out SystemCall call, out SystemReply refusal)
            ? refusal
            : End(call, _inner.CountMappings(address, byteCount, out count));
    }

    /// <inheritdoc/>
    protected override SystemReply QueryProcessCore(out ProcessMemory memory)
    {
        memory = default;
        return IsRefused(SystemOperation.QueryProcess, 0, 0, out SystemCall call, out SystemReply refusal)
            ? refusal
            : End(call, _inner.QueryProcess(out memory));
    }
}
