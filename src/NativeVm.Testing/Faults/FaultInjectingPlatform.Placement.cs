using NativeVm.Platform;

namespace NativeVm.Testing;

public sealed partial class FaultInjectingPlatform
{
    /// <inheritdoc/>
    public override int NumaNodeCount => _inner.NumaNodeCount;

    /// <inheritdoc/>
    public override bool Supports(PageInheritance inheritance, MappingSharing sharing) =>
        _inner.Supports(inheritance, sharing);

    /// <inheritdoc/>
    protected override SystemReply InstallGuardCore(nuint address, nuint byteCount) =>
        IsRefused(SystemOperation.InstallGuard, address, byteCount, out SystemCall call, out SystemReply refusal)
            ? refusal
            : End(call, _inner.InstallGuard(address, byteCount));

    /// <inheritdoc/>
    protected override SystemReply RemoveGuardCore(nuint address, nuint byteCount, PageProtection protection) =>
        IsRefused(SystemOperation.RemoveGuard, address, byteCount, out SystemCall call, out SystemReply refusal)
            ? refusal
            : End(call, _inner.RemoveGuard(address, byteCount, protection));

    /// <inheritdoc/>
    protected override SystemReply SetInheritanceCore(
        nuint address, nuint byteCount, PageInheritance inheritance, MappingSharing sharing) =>
        IsRefused(SystemOperation.SetInheritance, address, byteCount, out SystemCall call, out SystemReply refusal)
            ? refusal
            : End(call, _inner.SetInheritance(address, byteCount, inheritance, sharing));

    /// <inheritdoc/>
    protected override SystemReply ReservePlaceholderCore(nuint byteCount, in Placement placement, out nuint address)
    {
        address = 0;
        if (IsRefused(
            SystemOperation.ReservePlaceholder,
            placement.LowestAddress,
            byteCount,
            out SystemCall call,
            out SystemReply refusal))
        {
            return refusal;
        }

        SystemReply reply = _inner.ReservePlaceholder(byteCount, placement, out address);
        return End(call, reply, reply.IsSuccess ? address : call.Address);
    }

    /// <inheritdoc/>
    protected override SystemReply CommitHugePagesCore(
        nuint address, nuint byteCount, PageProtection protection, RangeTraits traits) =>
        IsRefused(SystemOperation.CommitHugePages, address, byteCount, out SystemCall call, out SystemReply refusal)
            ? refusal
            : End(call, _inner.CommitHugePages(address, byteCount, protection, traits));

    /// <inheritdoc/>
    protected override SystemReply SetPreferredNodeCore(nuint address, nuint byteCount, int node) =>
        IsRefused(SystemOperation.SetPreferredNode, address, byteCount, out SystemCall call, out SystemReply refusal)
            ? refusal
            : End(call, _inner.SetPreferredNode(address, byteCount, node));
}
