using NativeVm.Platform;
using NativeVm.Platform.Windows;
using NativeVm.Tests.Support;

namespace NativeVm.Tests.Platform.Windows;

/// <summary>The contract of every real platform, over Windows or what passes for it.</summary>
[ClassNeeds(Needs.Windows)]
public sealed class WindowsPlatformTests : RealPlatformContractTests
{
    // A platform of its own, so that its calls can be counted while other tests run.
    private static readonly Lazy<(VmPlatform Platform, WindowsFeatures Features)> Own = new(() =>
    {
        if (!OperatingSystem.IsWindowsVersionAtLeast(10))
        {
            throw new PlatformNotSupportedException();
        }

        WindowsPlatform platform = new();
        return (platform, platform.Features);
    });

    private protected override VmPlatform Subject => Own.Value.Platform;

    private protected override nuint LargestReservation =>
        Wine.IsHere ? 64 * GiB : base.LargestReservation;

    private protected override long CallsToPurge => Own.Value.Features.HasFlag(WindowsFeatures.Discard) ? 1 : 2;
}
