using NativeVm.Testing;

namespace NativeVm.Tests.Harness;

/// <summary>An object with a map of its own, and what it was when the act began.</summary>
public sealed class OwnerState<T>(FaultPlatforms platforms, T owner, Func<T, VmMap> mapOf, Func<T, object> figuresOf) : IDisposable
    where T : IDisposable
{
    private readonly string _picture = MapPicture.Of(mapOf(owner), platforms.Simulated);
    private readonly object _figures = figuresOf(owner);

    public T Owner => owner;

    public void Verify(bool succeeded)
    {
        VmMap map = mapOf(owner);
        map.Validate();
        if (platforms.Simulated is { } system)
        {
            VmMapStatistics statistics = map.GetStatistics();
            Assert.Equal(system.CommittedByteCount, statistics.CommittedByteCount);
            Assert.Equal(system.ReservedByteCount, statistics.ReservedByteCount);
        }

        if (!succeeded)
        {
            Assert.Equal(_figures, figuresOf(owner));
            Assert.Equal(_picture, MapPicture.Of(map, platforms.Simulated));
        }
    }

    public void Dispose() => owner.Dispose();
}
