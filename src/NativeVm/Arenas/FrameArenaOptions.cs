using NativeVm.Platform;

namespace NativeVm;

/// <summary>What a <see cref="FrameArena"/> is made with.</summary>
public sealed record FrameArenaOptions
{
    /// <summary>Bytes of address space for each frame, rounded up to whole pages; not 0.</summary>
    public required nuint FrameByteCount { get; init; }

    /// <summary>How many frames go round, at least 1: what a frame allocates lives until so many frames later. Default: 2.</summary>
    public int FrameCount { get; init; } = 2;

    /// <summary>
    /// Bytes that a frame keeps committed when it is used again, rounded up to whole pages. Default: all that it ever
    /// committed.
    /// </summary>
    public nuint RetainedByteCount { get; init; } = nuint.MaxValue;

    /// <summary>A name for diagnostics.</summary>
    public string Name { get; init; } = nameof(FrameArena);

    /// <summary>A map to take the frames from. Default: a map of the arena's own, disposed of with it.</summary>
    public VmMap? Map { get; init; }

    /// <summary>Where the pages of a map of its own come from. Default: <see cref="VmPlatform.Current"/>.</summary>
    public VmPlatform? Platform { get; init; }

    /// <summary>Where records apart from the pages come from; real memory always. Default: the operating system.</summary>
    public VmPlatform? MetadataPlatform { get; init; }

    /// <summary>Bytes that each frame may commit at most; 0, the default, for all of its range.</summary>
    public nuint FrameMemoryLimit { get; init; }

    /// <summary>Bytes of the smallest step in which memory is committed ahead of use; 0, the default, for 64 KiB.</summary>
    public nuint CommitStep { get; init; }

    /// <summary>Whether all that is handed out reads as zeros, which it does by default; as for a <see cref="LinearArena"/>.</summary>
    public bool ZeroesMemory { get; init; } = true;

    /// <summary>Whether each frame starts at a huge page and asks for huge pages, where the system has transparent ones.</summary>
    public bool UsesHugePages { get; init; }

    /// <summary>What is done to find overruns and uses after the end of a frame. Default: nothing.</summary>
    public ArenaChecks Checks { get; init; }
}
