using NativeVm.Platform;

namespace NativeVm.Tests.Platform;

/// <summary>A reservation for the length of a test.</summary>
internal sealed unsafe class PlatformRange : IDisposable
{
    private readonly VmPlatform _platform;

    private PlatformRange(VmPlatform platform, nuint address, nuint byteCount)
    {
        _platform = platform;
        Address = address;
        ByteCount = byteCount;
    }

    public nuint Address { get; }

    public nuint ByteCount { get; private set; }

    public nuint End => Address + ByteCount;

    public static PlatformRange Reserve(VmPlatform platform, nuint byteCount, Placement placement = default)
    {
        platform.Reserve(byteCount, placement, out nuint address).ThrowIfRefused();
        return new(platform, address, byteCount);
    }

    public static PlatformRange ReservePlaceholder(
        VmPlatform platform, nuint byteCount, Placement placement = default)
    {
        platform.ReservePlaceholder(byteCount, placement, out nuint address).ThrowIfRefused();
        return new(platform, address, byteCount);
    }

    public static PlatformRange Commit(VmPlatform platform, nuint byteCount, Placement placement = default)
    {
        PlatformRange range = Reserve(platform, byteCount, placement);
        platform.Commit(range.Address, byteCount, PageProtection.ReadWrite).ThrowIfRefused();
        return range;
    }

    /// <summary>The bytes of a committed part.</summary>
    public Span<byte> Bytes(nuint offset, nuint byteCount) => new((byte*)(Address + offset), checked((int)byteCount));

    /// <summary>All bytes of a committed range.</summary>
    public Span<byte> Bytes() => Bytes(0, ByteCount);

    /// <summary>Says that the tail has been released.</summary>
    public void Keep(nuint byteCount) => ByteCount = byteCount;

    public void Dispose()
    {
        if (ByteCount != 0)
        {
            _platform.Release(Address, ByteCount).ThrowIfRefused();
            ByteCount = 0;
        }
    }
}
