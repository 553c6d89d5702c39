using System.Runtime.Versioning;
using NativeVm.Platform.Windows;

namespace NativeVm.Platform;

public abstract partial class VmPlatform
{
    [SupportedOSPlatform("windows")]
    private static WindowsPlatform CreateWindows() =>
        OperatingSystem.IsWindowsVersionAtLeast(10)
            ? new WindowsPlatform()
            : throw new PlatformNotSupportedException("NativeVm needs Windows 10 or newer, as .NET itself does.");
}
