using System.Runtime.InteropServices;
using NativeVm.Changes;
using NativeVm.Platform;

namespace NativeVm.Objects;

/// <summary>
/// Owns a view of a memory object at addresses of its own, and is one of the snapshots that a range counts.
/// </summary>
internal sealed class SnapshotView : SafeHandle
{
    private readonly VmPlatform _platform;
    private readonly nuint _byteCount;
    private SnapshotCount? _count;

    public SnapshotView(VmPlatform platform, nuint address, nuint byteCount)
        : base(invalidHandleValue: 0, ownsHandle: true)
    {
        _platform = platform;
        _byteCount = byteCount;
        Address = address;
        SetHandle((nint)address);
    }

    public nuint Address { get; }

    public override bool IsInvalid => handle == 0;

    /// <summary>From now on it is a snapshot, until it is released.</summary>
    public void CountIn(SnapshotCount count)
    {
        count.Increment();
        _count = count;
    }

    protected override bool ReleaseHandle()
    {
        bool isReleased = Insistence.On(() => _platform.ReleaseObject(Address, _byteCount)).IsSuccess;
        _count?.Decrement();
        return isReleased;
    }
}
