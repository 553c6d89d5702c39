using System.Runtime.InteropServices;
using NativeVm.Platform;

namespace NativeVm.Tool.Reports;

/// <summary>The machine that figures were taken on.</summary>
internal sealed record MachineInfo
{
    /// <summary>The operating system and its version.</summary>
    public required string Os { get; init; }

    /// <summary>The processor's architecture.</summary>
    public required string Architecture { get; init; }

    /// <summary>The processor's name, where the system tells.</summary>
    public required string Processor { get; init; }

    /// <summary>Logical processors that the process may use.</summary>
    public required int ProcessorCount { get; init; }

    /// <summary>Memory that the process may use, in bytes.</summary>
    public required long MemoryByteCount { get; init; }

    /// <summary>The version of .NET.</summary>
    public required string Framework { get; init; }

    /// <summary>The platform of the library.</summary>
    public required string Platform { get; init; }

    /// <summary>Bytes in a page.</summary>
    public required ulong PageSize { get; init; }

    /// <summary>Bytes in a huge page, or 0.</summary>
    public required ulong HugePageSize { get; init; }

    /// <summary>When the figures were taken.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Describes this machine.</summary>
    /// <param name="platform">The platform in use.</param>
    public static MachineInfo Describe(VmPlatform platform) => new()
    {
        Os = RuntimeInformation.OSDescription,
        Architecture = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant(),
        Processor = ProcessorName(),
        ProcessorCount = Environment.ProcessorCount,
        MemoryByteCount = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
        Framework = RuntimeInformation.FrameworkDescription,
        Platform = platform.Name,
        PageSize = platform.PageSize,
        HugePageSize = platform.HugePageSize,
        Time = DateTimeOffset.UtcNow,
    };

    /// <summary>One line for people.</summary>
    public override string ToString() =>
        $"{Processor}, {Quantity.Count(ProcessorCount, "processor")}, {Os}, {Framework}";

    private static string ProcessorName()
    {
        const string CpuInfo = "/proc/cpuinfo";
        if (!File.Exists(CpuInfo))
        {
            return Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? "unknown processor";
        }

        string? line = File.ReadLines(CpuInfo).FirstOrDefault(text => text.StartsWith("model name", StringComparison.Ordinal));
        return line is null ? "unknown processor" : line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
    }
}
