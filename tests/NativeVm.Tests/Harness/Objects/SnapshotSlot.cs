using NativeVm.Testing;
using NativeVm.Tests.Objects;

namespace NativeVm.Tests.Harness.Objects;

/// <summary>Ranges, and room for one snapshot more.</summary>
public sealed class SnapshotSlot(FaultPlatforms platforms) : IDisposable
{
    internal SnapshotState State { get; } = new(platforms.Pages);

    public VmSnapshot? Taken { get; set; }

    public void Dispose()
    {
        Taken?.Dispose();
        State.Dispose();
    }
}
