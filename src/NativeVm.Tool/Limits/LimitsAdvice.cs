using NativeVm.Platform;
using NativeVm.Tool.Reports;

namespace NativeVm.Tool.Limits;

/// <summary>Names the settings that harm programs with much memory, and what to do about each.</summary>
/// <param name="platform">The platform.</param>
/// <param name="files">The system's files.</param>
internal sealed class LimitsAdvice(VmPlatform platform, SystemFiles files)
{
    private const ulong FewMappings = 65_530;
    private const ulong LittleLocked = 64 << 20;

    /// <summary>The advice, a line each; none where nothing harms.</summary>
    public IReadOnlyList<string> Read() => [.. All().OfType<string>()];

    private IEnumerable<string?> All()
    {
        yield return files.Choice(SystemPaths.HugePages) switch
        {
            "never" => "Huge pages are off: first touch costs several times as much. "
                + $"echo madvise > /{SystemPaths.HugePages}",
            "always" => "Huge pages come unasked: a byte touched may cost 2 MiB of memory. "
                + $"echo madvise > /{SystemPaths.HugePages}",
            _ => null,
        };
        yield return files.Choice(SystemPaths.HugePageDefrag) == "always"
            ? $"A fault waits while the system makes room for a huge page. echo madvise > /{SystemPaths.HugePageDefrag}"
            : null;
        yield return Mappings();
        yield return files.Number(SystemPaths.Overcommit) switch
        {
            1 => "The system promises any amount of memory: shortage ends a process and is no error code. "
                + "sysctl vm.overcommit_memory=0",
            2 => "Every private writable byte counts as used once it is mapped: commit late, and expect refusals. "
                + "sysctl vm.overcommit_memory=0",
            _ => null,
        };
        foreach ((string label, _, string command) in SystemPaths.SpaceLimits)
        {
            yield return files.ProcessLimit(label, out _) is { } bytes
                ? $"{label} is {Quantity.Bytes(bytes)}: large reservations are refused. {command} unlimited"
                : null;
        }

        yield return files.ProcessLimit(SystemPaths.LockedMemory, out _) is { } locked and < LittleLocked
            ? $"Only {Quantity.Bytes(locked)} can be wired. ulimit -l, or LimitMEMLOCK= of the service"
            : null;
        yield return !OperatingSystem.IsWindows() && !platform.Supports(PlatformCapabilities.GuardRegions)
            ? "A guard takes two mappings and some microseconds; Linux 6.13 and newer have guards that take none."
            : null;
    }

    private string? Mappings()
    {
        ulong cap = files.Number(SystemPaths.MappingCap) ?? FewMappings;
        ulong used = platform.QueryProcess(out ProcessMemory process).IsSuccess ? process.MappingCount : 0;
        return cap < FewMappings || used > cap / 2
            ? $"{used:N0} of {cap:N0} mappings are used: at the cap protecting, mapping and splitting fail. "
              + "sysctl vm.max_map_count=262144"
            : null;
    }
}
