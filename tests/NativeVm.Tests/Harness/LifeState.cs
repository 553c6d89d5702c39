using NativeVm.Testing;

namespace NativeVm.Tests.Harness;

/// <summary>Nothing yet: what an act makes. After a refusal there is nothing again.</summary>
public sealed class LifeState(FaultPlatforms platforms) : IDisposable
{
    private IDisposable? _made;

    public FaultInjectingPlatform Pages => platforms.Pages;

    public FaultInjectingPlatform Metadata => platforms.Metadata;

    public bool Keep(IDisposable? made)
    {
        _made = made;
        return made is not null;
    }

    public void Verify(bool succeeded)
    {
        Assert.Equal(succeeded, _made is not null);
        if (!succeeded)
        {
            Assert.Equal(0, Pages.OpenReservationCount + Metadata.OpenReservationCount);
            if (platforms.Simulated is { } system)
            {
                Assert.Equal((nuint)0, system.ReservedByteCount);
                Assert.Equal(0, system.OpenHandleCount);
            }
        }
    }

    public void Dispose() => _made?.Dispose();
}
