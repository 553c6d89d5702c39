using NativeVm.Tool.Commands;
using NativeVm.Tool.Reports;

namespace NativeVm.Tool.Profiling;

/// <summary>Leaves out cases that need more memory than there is: the system would end a process, or another one.</summary>
internal static class ProfileRoom
{
    private const double UsableShare = 0.6;
    private const string MemoryInfo = "/proc/meminfo";
    private const string Available = "MemAvailable:";

    /// <summary>Whether the lanes of a case have room together.</summary>
    /// <param name="one">The case.</param>
    /// <param name="reason">Why not; null where they have.</param>
    public static bool Suffices(ProfileCase one, out string? reason)
    {
        // Allocators round up and keep some of what is freed: up to half as much again.
        ulong needed = (one.BytesPerLane + (one.BytesPerLane / 2)) * (ulong)one.Lanes.Count;
        ulong usable = (ulong)(AvailableBytes() * UsableShare);
        reason = needed <= usable
            ? null
            : $"{one.Workload} {one.Title} is left out: it needs about {Quantity.Bytes(needed)} for "
              + $"{Quantity.Count(one.Lanes.Count, "allocator")}, and {Quantity.Bytes(usable)} may be used; "
              + "choose fewer --allocators or a smaller --live.";
        return reason is null;
    }

    private static double AvailableBytes()
    {
        double limit = GC.GetGCMemoryInfo(GCKind.Any).TotalAvailableMemoryBytes;
        string? line = OperatingSystem.IsLinux() && File.Exists(MemoryInfo)
            ? File.ReadLines(MemoryInfo).FirstOrDefault(text => text.StartsWith(Available, StringComparison.Ordinal))
            : null;
        return line is not null && SizeText.TryParse(line[Available.Length..], out ulong available)
            ? Math.Min(limit, available)
            : limit;
    }
}
