using System.Runtime.Versioning;
using NativeVm.Platform;
using NativeVm.Platform.Windows;
using NativeVm.Tests.Support;

namespace NativeVm.Tests.Platform.Windows.Simulated;

/// <summary>The contract of every real platform, over a Windows that has what Wine lacks.</summary>
[ClassNeeds(Needs.Posix)]
[Collection(SimulatedWindows.Collection)]
[SupportedOSPlatform("windows10.0")]
public sealed class SimulatedWindowsPlatformTests : RealPlatformContractTests, IDisposable
{
    private readonly Lazy<(SimulatedWindows System, VmPlatform Platform)> _own = new(static () =>
    {
        SimulatedWindows system = new();
        return (system, new WindowsPlatform(system));
    });

    private protected override nuint LargestReservation => TiB;

    private protected override VmPlatform Subject => _own.Value.Platform;

    public void Dispose()
    {
        if (_own.IsValueCreated)
        {
            _own.Value.System.Dispose();
        }
    }
}
