using NativeVm.Platform;

namespace NativeVm.Tests.Support;

/// <summary>A fact about Windows, or what passes for it; skipped elsewhere, and where a capability is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class WindowsFactAttribute : FactAttribute
{
    /// <summary>A fact that holds on every Windows with these capabilities.</summary>
    public WindowsFactAttribute(PlatformCapabilities needs = PlatformCapabilities.None)
    {
        Needs = needs;
        if (!OperatingSystem.IsWindows())
        {
            Skip = "Needs Windows.";
        }
        else if (!VmPlatform.Current.Supports(needs))
        {
            Skip = $"Needs {needs & ~VmPlatform.Current.Capabilities}, which this Windows lacks.";
        }
    }

    /// <summary>What it needs.</summary>
    public PlatformCapabilities Needs { get; }
}
