using NativeVm.Platform;

namespace NativeVm.Testing;

/// <summary>An object of a simulated platform, which counts the handles that are open.</summary>
internal sealed class SimulatedObjectHandle : MemoryObjectHandle
{
    public SimulatedObjectHandle(
        SimulatedPlatform platform, SimulatedFile file, MemoryObjectKind kind, MemoryObjectAccess access, string name)
        : base(0, kind, access, file.ByteCount, name)
    {
        Platform = platform;
        File = file;
        SetHandle((nint)file.Id);
    }

    public SimulatedPlatform Platform { get; }

    public SimulatedFile File { get; }

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        Platform.CloseHandle();
        return true;
    }
}
