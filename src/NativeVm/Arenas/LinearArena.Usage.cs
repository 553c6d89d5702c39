using NativeVm.Diagnostics;

namespace NativeVm;

/// <content>What the meter reads, on another thread than the owner's: fields, which it may find a moment old.</content>
public sealed partial class LinearArena : IUsageSource
{
    private readonly InstanceTicket _ticket;

    string IUsageSource.Kind => "arena";

    VmUsage IUsageSource.GetUsage(UsageFigures figures)
    {
        ObjectDisposedException.ThrowIf(_range.IsDisposed, this);
        return new VmUsage
        {
            ReservedByteCount = _range.ByteCount,
            CommittedByteCount = HasGuards ? _guardedByteCount : _front.ByteCount,
            AllocatedByteCount = Math.Max(_position, _range.Start) - _range.Start,
        };
    }
}
