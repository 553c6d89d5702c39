using NativeVm.Platform;

namespace NativeVm;

/// <summary>What a <see cref="FramePool"/> is made with.</summary>
public sealed record FramePoolOptions
{
    /// <summary>
    /// Bytes of a frame, a multiple of the page size, not 0; as a rule 4 to 64 KiB. Each frame starts at a multiple of the
    /// largest power of two that divides it, which is more than direct I/O asks for.
    /// </summary>
    public required nuint FrameByteCount { get; init; }

    /// <summary>Frames in the pool; not 0, less than 2^32 - 1. Their addresses are reserved, their memory is committed as it is used.</summary>
    public required nuint FrameCount { get; init; }

    /// <summary>A name for diagnostics.</summary>
    public string Name { get; init; } = nameof(FramePool);

    /// <summary>A map to take the frames from. Default: a map of the pool's own, disposed of with it.</summary>
    public VmMap? Map { get; init; }

    /// <summary>Where the pages of a map of its own come from. Default: <see cref="VmPlatform.Current"/>.</summary>
    public VmPlatform? Platform { get; init; }

    /// <summary>Where the records of the frames come from; real memory always. Default: the operating system.</summary>
    public VmPlatform? MetadataPlatform { get; init; }

    /// <summary>Bytes that frames may commit at most, rounded down to whole pages; 0, the default, for all frames.</summary>
    public nuint MemoryLimit { get; init; }

    /// <summary>Bytes of the smallest step in which memory is committed ahead of use; 0, the default, for 64 KiB.</summary>
    public nuint CommitStep { get; init; }

    /// <summary>
    /// Whether a frame reads as zeros when it is allocated, which it does by default; one that was used before is cleared
    /// for it, unless its pages were given back. A cache that reads a page into every frame does without.
    /// </summary>
    public bool ZeroesMemory { get; init; } = true;

    /// <summary>
    /// Whether the frames start at a huge page and ask for huge pages, where the system has transparent ones. Single
    /// frames are then cleared and not given back, because that would break a huge page up
    /// (<see cref="FramePool.GiveBack"/>), and <see cref="FramePool.Trim"/> gives back whole huge pages only.
    /// </summary>
    public bool UsesHugePages { get; init; }

    /// <summary>
    /// Whether committed frames are kept in physical memory. They then stay there until the pool is disposed of, and a
    /// frame that is given back is only cleared.
    /// </summary>
    public bool IsWired { get; init; }
}
