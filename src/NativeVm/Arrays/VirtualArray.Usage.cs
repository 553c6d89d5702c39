using NativeVm.Diagnostics;

namespace NativeVm;

/// <content>What the meter reads, on another thread than the owner's: fields, which it may find a moment old.</content>
public sealed unsafe partial class VirtualArray<T> : IUsageSource
{
    private readonly InstanceTicket _ticket;

    string IUsageSource.Kind => "array";

    VmUsage IUsageSource.GetUsage(UsageFigures figures)
    {
        ObjectDisposedException.ThrowIf(_range.IsDisposed, this);
        return new VmUsage
        {
            ReservedByteCount = _range.ByteCount,
            CommittedByteCount = _front.ByteCount,
            AllocatedByteCount = _length * (nuint)sizeof(T),
            EntryCount = _length,
        };
    }
}
