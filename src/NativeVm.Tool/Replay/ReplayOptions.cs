using NativeVm.Platform;

namespace NativeVm.Tool.Replay;

/// <summary>How a script is replayed.</summary>
internal sealed class ReplayOptions
{
    /// <summary>The page size of this machine, in bytes.</summary>
    public required nuint PageSize { get; init; }

    /// <summary>Asks for the process's memory.</summary>
    public required Func<ProcessMemory> QueryMemory { get; init; }

    /// <summary>Whether pages are touched.</summary>
    public bool IsTouching { get; init; } = true;

    /// <summary>Told of every sample, between the timed parts.</summary>
    public Action<ReplaySample>? Progress { get; init; }
}
