using NativeVm.Platform;
using NativeVm.Testing;

namespace NativeVm.Tests.Harness.Platform;

/// <summary>A reservation with pages in several states, and objects; what is reserved besides is given back at the end.</summary>
public sealed class PlatformCallState : IDisposable
{
    public const nuint ByteCount = 4 << 20;
    public const nuint Huge = 2 << 20;

    private readonly SimulatedPlatform _system;
    private readonly List<(nuint Address, nuint ByteCount)> _reserved = [];
    private readonly string _before;

    public PlatformCallState(FaultPlatforms platforms)
    {
        _system = platforms.Simulated!;
        Calls = platforms.Pages;
        Reserve(Placement.Aligned(Huge), ByteCount);
        Start = _reserved[0].Address;
        Calls.Commit(Start, 16 * Page, PageProtection.ReadWrite).ThrowIfRefused();
        Calls.Lock(Start, Page).ThrowIfRefused();
        Calls.InstallGuard(Start + (4 * Page), Page).ThrowIfRefused();
        Calls.CreateSharedMemory(ByteCount, "swept", out MemoryObjectHandle? memory).ThrowIfRefused();
        Memory = memory!;
        _system.PlaceFile("file", ByteCount);
        Calls.OpenFile("file", MemoryObjectAccess.ReadWrite, ByteCount, out MemoryObjectHandle? file).ThrowIfRefused();
        File = file!;
        Calls.MapObjectAnywhere(
            ByteCount, File, 0, PageProtection.ReadWrite, MappingSharing.Shared, Placement.Anywhere, out nuint view).ThrowIfRefused();
        View = view;
        _before = Picture();
    }

    public FaultInjectingPlatform Calls { get; }

    public MemoryObjectHandle Memory { get; }

    public MemoryObjectHandle File { get; }

    public MemoryObjectHandle? Opened { get; set; }

    public nuint Start { get; }

    public nuint View { get; private set; }

    public nuint Page => Calls.PageSize;

    public bool Reserve(in Placement placement, nuint byteCount) =>
        Keep(Calls.Reserve(byteCount, placement, out nuint address), address, byteCount);

    public bool Keep(SystemReply reply, nuint address, nuint byteCount)
    {
        if (reply.IsSuccess)
        {
            _reserved.Add((address, byteCount));
        }

        return reply.IsSuccess;
    }

    public bool Forget(SystemReply reply, nuint keepByteCount = 0)
    {
        if (reply.IsSuccess)
        {
            _reserved.Clear();
            if (keepByteCount != 0)
            {
                _reserved.Add((Start, keepByteCount));
            }
        }

        return reply.IsSuccess;
    }

    public bool ForgetView(SystemReply reply)
    {
        View = reply.IsSuccess ? 0 : View;
        return reply.IsSuccess;
    }

    public void Verify(bool succeeded)
    {
        if (!succeeded)
        {
            Assert.Equal(_before, Picture());
        }
    }

    public void Dispose()
    {
        foreach ((nuint address, nuint byteCount) in _reserved)
        {
            Calls.Release(address, byteCount).ThrowIfRefused();
        }

        if (View != 0)
        {
            Calls.ReleaseObject(View, ByteCount).ThrowIfRefused();
        }

        Opened?.Dispose();
        File.Dispose();
        Memory.Dispose();
    }

    private string Picture() => string.Join('\n', _system.Snapshot());
}
