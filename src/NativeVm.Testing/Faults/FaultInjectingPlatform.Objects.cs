using NativeVm.Platform;

namespace NativeVm.Testing;

public sealed partial class FaultInjectingPlatform
{
    /// <inheritdoc/>
    protected override SystemReply CreateSharedMemoryCore(nuint byteCount, string name, out MemoryObjectHandle? handle)
    {
        handle = null;
        return IsRefused(
            SystemOperation.CreateSharedMemory, 0, byteCount, out SystemCall call, out SystemReply refusal)
            ? refusal
            : End(call, _inner.CreateSharedMemory(byteCount, name, out handle));
    }

    /// <inheritdoc/>
    protected override SystemReply OpenFileCore(
        string path, MemoryObjectAccess access, ulong byteCount, out MemoryObjectHandle? handle)
    {
        handle = null;
        return IsRefused(
            SystemOperation.OpenFile, 0, (nuint)byteCount, out SystemCall call, out SystemReply refusal)
            ? refusal
            : End(call, _inner.OpenFile(path, access, byteCount, out handle));
    }

    /// <inheritdoc/>
    protected override SystemReply GetObjectByteCountCore(MemoryObjectHandle handle, out ulong byteCount)
    {
        byteCount = 0;
        return IsRefused(SystemOperation.GetObjectByteCount, 0, 0, out SystemCall call, out SystemReply refusal)
            ? refusal
            : End(call, _inner.GetObjectByteCount(handle, out byteCount));
    }

    /// <inheritdoc/>
    protected override SystemReply MapObjectCore(
        nuint address,
        nuint byteCount,
        MemoryObjectHandle handle,
        ulong offset,
        PageProtection protection,
        MappingSharing sharing,
        RangeTraits traits) =>
        IsRefused(SystemOperation.MapObject, address, byteCount, out SystemCall call, out SystemReply refusal)
            ? refusal
            : End(call, _inner.MapObject(address, byteCount, handle, offset, protection, sharing, traits));

    /// <inheritdoc/>
    protected override SystemReply MapObjectAnywhereCore(
        nuint byteCount,
        MemoryObjectHandle handle,
        ulong offset,
        PageProtection protection,
        MappingSharing sharing,
        in Placement placement,
        out nuint address)
    {
        address = 0;
        if (IsRefused(
            SystemOperation.MapObjectAnywhere,
            placement.LowestAddress,
            byteCount,
            out SystemCall call,
            out SystemReply refusal))
        {
            return refusal;
        }

        SystemReply reply = _inner.MapObjectAnywhere(
            byteCount, handle, offset, protection, sharing, placement, out address);
        return End(call, reply, reply.IsSuccess ? address : call.Address);
    }

    /// <inheritdoc/>
    protected override SystemReply UnmapObjectCore(nuint address, nuint byteCount, RangeTraits traits) =>
        IsRefused(SystemOperation.UnmapObject, address, byteCount, out SystemCall call, out SystemReply refusal)
            ? refusal
            : End(call, _inner.UnmapObject(address, byteCount, traits));

    /// <inheritdoc/>
    protected override SystemReply ReleaseObjectCore(nuint address, nuint byteCount) =>
        IsRefused(SystemOperation.ReleaseObject, address, byteCount, out SystemCall call, out SystemReply refusal)
            ? refusal
            : End(call, _inner.ReleaseObject(address, byteCount));

    /// <inheritdoc/>
    protected override SystemReply SynchronizeCore(nuint address, nuint byteCount) =>
        IsRefused(SystemOperation.Synchronize, address, byteCount, out SystemCall call, out SystemReply refusal)
            ? refusal
            : End(call, _inner.Synchronize(address, byteCount));

    /// <inheritdoc/>
    protected override SystemReply SynchronizeObjectCore(MemoryObjectHandle handle) =>
        IsRefused(SystemOperation.SynchronizeObject, 0, 0, out SystemCall call, out SystemReply refusal)
            ? refusal
            : End(call, _inner.SynchronizeObject(handle));
}
