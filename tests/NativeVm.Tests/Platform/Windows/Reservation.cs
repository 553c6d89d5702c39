using NativeVm.Platform;

namespace NativeVm.Tests.Platform.Windows;

/// <summary>A reservation that is released at the end of a test.</summary>
internal sealed unsafe class Reservation : IDisposable
{
    private bool _isReleased;

    public Reservation(nuint byteCount, in Placement placement = default)
    {
        ByteCount = byteCount;
        VmPlatform.Current.Reserve(byteCount, placement, out nuint address).ThrowIfRefused();
        Address = address;
    }

    public nuint Address { get; }

    public nuint ByteCount { get; }

    public Span<byte> Bytes => new((void*)Address, checked((int)ByteCount));

    public Reservation Commit(PageProtection protection = PageProtection.ReadWrite)
    {
        VmPlatform.Current.Commit(Address, ByteCount, protection).ThrowIfRefused();
        return this;
    }

    public nuint Resident()
    {
        VmPlatform.Current.QueryResident(Address, ByteCount, out nuint resident).ThrowIfRefused();
        return resident;
    }

    public RegionInfo Query(nuint offset = 0)
    {
        VmPlatform.Current.Query(Address + offset, out RegionInfo region).ThrowIfRefused();
        return region;
    }

    public void Dispose()
    {
        if (!_isReleased)
        {
            _isReleased = true;
            VmPlatform.Current.Release(Address, ByteCount).ThrowIfRefused();
        }
    }
}
