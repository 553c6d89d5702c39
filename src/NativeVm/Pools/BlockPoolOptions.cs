using NativeVm.Platform;

namespace NativeVm;

/// <summary>What a <see cref="BlockPool"/> is made with.</summary>
public sealed record BlockPoolOptions
{
    /// <summary>Bytes of a block; not 0. A <see cref="BlockPool{T}"/> takes the size of its type, whatever is said here.</summary>
    public nuint BlockByteCount { get; init; }

    /// <summary>
    /// What every block starts at a multiple of: a power of two, in bytes. 0, the default, for the largest one that
    /// divides the size of a block, at most 64.
    /// </summary>
    public nuint Alignment { get; init; }

    /// <summary>
    /// Blocks that the pool may ever have; not 0, less than 2^32 - 1. It decides how much address space is reserved, which
    /// costs nothing until it is used.
    /// </summary>
    public required nuint Capacity { get; init; }

    /// <summary>A name for diagnostics.</summary>
    public string Name { get; init; } = nameof(BlockPool);

    /// <summary>A map to take the range from. Default: a map of the pool's own, disposed of with it.</summary>
    public VmMap? Map { get; init; }

    /// <summary>Where the pages of a map of its own come from. Default: <see cref="VmPlatform.Current"/>.</summary>
    public VmPlatform? Platform { get; init; }

    /// <summary>Where the records of the blocks come from; real memory always. Default: the operating system.</summary>
    public VmPlatform? MetadataPlatform { get; init; }

    /// <summary>Bytes that blocks may commit at most, rounded down to whole pages; 0, the default, for all of the range.</summary>
    public nuint MemoryLimit { get; init; }

    /// <summary>Bytes of the smallest step in which memory is committed ahead of use; 0, the default, for 64 KiB.</summary>
    public nuint CommitStep { get; init; }

    /// <summary>
    /// Whether a block reads as zeros when it is handed out, which it does by default; one that was used before is
    /// cleared for it. Without it a block reads as what was in it.
    /// </summary>
    public bool ZeroesMemory { get; init; } = true;

    /// <summary>Whether the blocks start at a huge page and ask for huge pages, where the system has transparent ones.</summary>
    public bool UsesHugePages { get; init; }

    /// <summary>How many lives a block has before it is retired, at most 2^31; fewer for tests.</summary>
    internal uint LivesPerBlock { get; init; } = 1u << 31;
}
