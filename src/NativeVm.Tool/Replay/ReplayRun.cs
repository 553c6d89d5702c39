using NativeVm.Platform;
using NativeVm.Tool.Drawing;

namespace NativeVm.Tool.Replay;

/// <summary>What one replay of a script into one target came to.</summary>
internal sealed record ReplayRun
{
    /// <summary>The target's name.</summary>
    public required string TargetName { get; init; }

    /// <summary>Calls made to the target.</summary>
    public required long CallCount { get; init; }

    /// <summary>Calls that were refused, and calls on blocks whose mapping was refused.</summary>
    public required long RefusedCount { get; init; }

    /// <summary>The first refusal, for people; null when there was none.</summary>
    public required string? FirstRefusal { get; init; }

    /// <summary>Time in the target's calls.</summary>
    public required TimeSpan CallTime { get; init; }

    /// <summary>Time in touching pages.</summary>
    public required TimeSpan TouchTime { get; init; }

    /// <summary>System calls made for the target, its making and its disposal included.</summary>
    public required long SystemCallCount { get; init; }

    /// <summary>The process before the target was made.</summary>
    public required ProcessMemory Start { get; init; }

    /// <summary>The process at the script's fullest.</summary>
    public required ProcessMemory Fullest { get; init; }

    /// <summary>The process when all that was mapped has been removed, before the target's disposal.</summary>
    public required ProcessMemory End { get; init; }

    /// <summary>The process in the course of the replay.</summary>
    public required IReadOnlyList<ReplaySample> Samples { get; init; }

    /// <summary>What was mapped at the script's fullest, in address order.</summary>
    public IReadOnlyList<PlacedRange> FullestLayout { get; init; } = [];

    /// <summary>The same as a picture shows it.</summary>
    public IReadOnlyList<PictureRun> FullestPicture { get; init; } = [];

    /// <summary>Which sample was taken at the script's fullest.</summary>
    public int FullestSample { get; init; }

    /// <summary>What lay where at each sample: <see cref="SpaceRecorder.Rectangles"/>.</summary>
    public IReadOnlyList<ulong> Rectangles { get; init; } = [];

    /// <summary>The fragmentation at the script's fullest.</summary>
    public double FragmentationAtFullest => FullestSample < Samples.Count && FullestSample >= 0
        ? Samples[FullestSample].Fragmentation
        : 0;

    /// <summary>Time in all.</summary>
    public TimeSpan Time => CallTime + TouchTime;

    /// <summary>The most that the resident set grew, of what was sampled, in bytes.</summary>
    public nuint PeakResidentGrowth
    {
        get
        {
            nuint peak = Samples.Select(sample => sample.Memory.ResidentByteCount).Append(Fullest.ResidentByteCount).Max();
            return peak > Start.ResidentByteCount ? peak - Start.ResidentByteCount : 0;
        }
    }

    /// <summary>How many more mappings the process had at the script's fullest than at the start.</summary>
    public nint MappingGrowth => (nint)Fullest.MappingCount - (nint)Start.MappingCount;

    /// <summary>How much larger the resident set was at the end than at the start, in bytes.</summary>
    public nint ResidentLeft => (nint)End.ResidentByteCount - (nint)Start.ResidentByteCount;

    /// <summary>How many more mappings there were at the end than at the start.</summary>
    public nint MappingsLeft => (nint)End.MappingCount - (nint)Start.MappingCount;
}
