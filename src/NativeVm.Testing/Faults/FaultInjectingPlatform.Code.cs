using NativeVm.Platform;

namespace NativeVm.Testing;

public sealed partial class FaultInjectingPlatform
{
    /// <inheritdoc/>
    protected override SystemReply QueryCopiedPagesCore(nuint address, nuint byteCount, Span<ulong> copies) =>
        IsRefused(SystemOperation.QueryCopiedPages, address, byteCount, out SystemCall call, out SystemReply refusal)
            ? refusal
            : End(call, _inner.QueryCopiedPages(address, byteCount, copies));

    /// <inheritdoc/>
    protected override SystemReply PublishCodeCore(nuint address, nuint byteCount) =>
        IsRefused(SystemOperation.PublishCode, address, byteCount, out SystemCall call, out SystemReply refusal)
            ? refusal
            : End(call, _inner.PublishCode(address, byteCount));

    /// <inheritdoc/>
    protected override SystemReply ExtendFileCore(MemoryObjectHandle handle, ulong byteCount) =>
        IsRefused(SystemOperation.ExtendFile, 0, (nuint)byteCount, out SystemCall call, out SystemReply refusal)
            ? refusal
            : End(call, _inner.ExtendFile(handle, byteCount));
}
