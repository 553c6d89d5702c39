using System.Runtime.InteropServices;

namespace NativeVm.Reservations;

/// <summary>
/// A submap's reference to the address space that it has part of, let go by the finalizer if the submap is forgotten.
/// </summary>
internal sealed class SubmapLease : SafeHandle
{
    private readonly VmReservationHandle _space;

    public SubmapLease(VmReservationHandle space)
        : base(invalidHandleValue: 0, ownsHandle: true)
    {
        _space = space;
        bool isHeld = false;
        space.DangerousAddRef(ref isHeld);
        SetHandle(isHeld ? 1 : 0);
    }

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        _space.DangerousRelease();
        return true;
    }
}
