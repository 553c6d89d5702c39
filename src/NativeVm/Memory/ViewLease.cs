namespace NativeVm.Memory;

/// <summary>Pages that belong to somebody else, whose address space is kept for as long as they are looked at.</summary>
internal sealed class ViewLease : PageLease
{
    private readonly VmReservationHandle _space;

    /// <exception cref="ObjectDisposedException">The address space is gone.</exception>
    public ViewLease(string name, VmReservationHandle space, nuint address, nuint byteCount)
    {
        Name = name;
        Address = address;
        ByteCount = byteCount;
        _space = space;
        bool isHeld = false;
        space.DangerousAddRef(ref isHeld);
    }

    public override string Name { get; }

    protected override void GiveBack(bool isForgotten)
    {
        if (!isForgotten)
        {
            FinalizeNoMore();
        }

        _space.DangerousRelease();
    }
}
