using NativeVm.Platform;
using NativeVm.Platform.Posix.Native;
using NativeVm.Tests.Tool;
using NativeVm.Tool.Processes;
using NativeVm.Tool.Profiling.Hosts;

namespace NativeVm.Tests.Support;

/// <summary>Finds out what is there, in one place, so that a skipped test says why.</summary>
internal static class NeedsProbe
{
    private const uint ReachableMappings = 262_144;

    /// <summary>Why the machine lacks one of the needs; null when all are met.</summary>
    public static string? WhyMissing(Needs needs)
    {
        foreach (Needs need in Enum.GetValues<Needs>())
        {
            if (need != Needs.None && (needs & need) != 0 && WhyOneIsMissing(need) is { } reason)
            {
                return reason;
            }
        }

        return null;
    }

    private static string? WhyOneIsMissing(Needs need) => need switch
    {
        Needs.Linux => OperatingSystem.IsLinux() ? null : "Needs Linux.",
        Needs.Posix => OperatingSystem.IsWindows() ? "Needs a POSIX system." : null,
        Needs.Windows => OperatingSystem.IsWindows() ? null : "Needs Windows.",
        Needs.MonoPosix => !OperatingSystem.IsWindows() && MonoPosixBinding.TryCreate() is not null
            ? null
            : "Needs Mono.Posix's native helper, which does not load here.",
        Needs.Smaps => File.Exists("/proc/self/smaps") ? null : "Needs /proc/self/smaps.",
        Needs.HugePages => VmPlatform.Current.Supports(PageAdvice.HugePages)
            ? null
            : "Needs transparent huge pages, which this system has switched off or lacks.",
        Needs.ReachableMappingLimit => VmPlatform.Current.MappingLimit is > 0 and <= ReachableMappings
            ? null
            : $"Needs a cap on mappings of at most {ReachableMappings}.",
        Needs.Populate => VmPlatform.Current.Supports(PlatformCapabilities.Populate)
            ? null
            : "Needs a system that populates pages by one call.",
        Needs.ReleaseTail => VmPlatform.Current.Supports(PlatformCapabilities.ReleaseTail)
            ? null
            : "Needs a system that can release the upper part of a reservation.",
        Needs.CheapReservations => Wine.IsHere
            ? "Needs reserved pages to cost nothing; Wine keeps a byte for each and looks at them one by one."
            : null,
        Needs.ChildProcesses => SelfProcess.IsPossible ? null : "Needs a system that starts the tool's program from a test.",
        Needs.Browser => ProgramPath.TryFind("chromium", out _) ? null : "Needs chromium on PATH.",
        Needs.Strace => StraceProbe.WhyMissing,
        Needs.Placeholders => VmPlatform.Current.Supports(PlatformCapabilities.Placeholders)
            ? null
            : "Needs a system that can replace part of a reservation, which this one lacks.",
        Needs.SharedMemoryObjects => VmPlatform.Current.Supports(PlatformCapabilities.SharedMemoryObjects)
            ? null
            : "Needs memory without a name that can be mapped.",
        Needs.GuardRegions => VmPlatform.Current.Supports(PlatformCapabilities.GuardRegions)
            ? null
            : "Needs guard regions, which Linux has from 6.13 on.",
        Needs.ExecutionFaults => Wine.IsHere ? "Needs a process that ends when it runs data; under Wine 8 it hangs." : null,
        Needs.Sqlite => SqliteClient.SqliteMemory.WhyMissing(),
        Needs.MemoryGroups => MemoryGroup.WhyMissing() is { } reason
            ? $"Needs the right to make a control group with a limit on memory: {reason}."
            : null,
        Needs.PrivateMounts => ChildProcess.CanMountPrivately()
            ? null
            : "Needs the right to mount a file system in a process of its own (unshare -m).",
        _ => throw new ArgumentOutOfRangeException(nameof(need), need, "Not one need."),
    };
}
