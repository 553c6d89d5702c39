using System.Runtime.InteropServices;

namespace NativeVm.Tests.Support;

/// <summary>Whether the Windows that the tests run on is Wine, where some things cost what they do nowhere else.</summary>
internal static class Wine
{
    private static readonly Lazy<bool> Probe = new(() =>
        OperatingSystem.IsWindows()
        && NativeLibrary.TryLoad("ntdll", out nint library)
        && NativeLibrary.TryGetExport(library, "wine_get_version", out _));

    /// <summary>Whether it is.</summary>
    public static bool IsHere => Probe.Value;
}
