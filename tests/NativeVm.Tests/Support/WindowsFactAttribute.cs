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
        Skip = WhyMissing(needs);
    }

    /// <summary>What it needs.</summary>
    public PlatformCapabilities Needs { get; }

    private static string? WhyMissing(PlatformCapabilities needs)
    {
        PlatformCapabilities missing = needs & ~VmPlatform.Current.Capabilities;
        return NeedsProbe.WhyMissing(Support.Needs.Windows)
            ?? (missing == PlatformCapabilities.None ? null : $"Needs {missing}, which this Windows lacks.");
    }
}
