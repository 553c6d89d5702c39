using NativeVm.Platform;

namespace NativeVm.Tests.Platform;

/// <summary>A shared mapping of an object at free addresses for the length of a test.</summary>
internal sealed unsafe class PlatformView : IDisposable
{
    private readonly VmPlatform _platform;
    private readonly nuint _byteCount;

    public PlatformView(
        VmPlatform platform,
        nuint byteCount,
        MemoryObjectHandle handle,
        PageProtection protection,
        Placement placement = default,
        ulong offset = 0)
    {
        _platform = platform;
        _byteCount = byteCount;
        platform.MapObjectAnywhere(
            byteCount, handle, offset, protection, MappingSharing.Shared, placement, out nuint address).ThrowIfRefused();
        Address = address;
    }

    public nuint Address { get; }

    public Span<byte> Bytes => new((byte*)Address, checked((int)_byteCount));

    public void Dispose() => _platform.ReleaseObject(Address, _byteCount).ThrowIfRefused();
}
