using NativeVm.Platform;

namespace NativeVm;

/// <summary>What a <see cref="LinearArena"/> is made with.</summary>
public sealed record LinearArenaOptions
{
    /// <summary>
    /// Bytes of address space that the arena spans, rounded up to whole pages; not 0. What is not used costs nothing,
    /// so that it may be many times what is expected.
    /// </summary>
    public required nuint ByteCount { get; init; }

    /// <summary>A name for diagnostics.</summary>
    public string Name { get; init; } = nameof(LinearArena);

    /// <summary>A map to take the range from. Default: a map of the arena's own, disposed of with it.</summary>
    public VmMap? Map { get; init; }

    /// <summary>Where the pages of a map of its own come from. Default: <see cref="VmPlatform.Current"/>.</summary>
    public VmPlatform? Platform { get; init; }

    /// <summary>Where records apart from the pages come from; real memory always. Default: the operating system.</summary>
    public VmPlatform? MetadataPlatform { get; init; }

    /// <summary>Bytes that may be committed at most, rounded down to whole pages; 0, the default, for all of the range.</summary>
    public nuint MemoryLimit { get; init; }

    /// <summary>
    /// Bytes of the smallest step in which memory is committed ahead of use, a quarter of what is committed being the
    /// usual one; 0, the default, for 64 KiB.
    /// </summary>
    public nuint CommitStep { get; init; }

    /// <summary>
    /// Whether all that is handed out reads as zeros, which it does by default. It is paid for when memory is given up,
    /// by clearing what was used; an allocation costs the same either way. Without it memory that is used again reads
    /// as what was in it.
    /// </summary>
    public bool ZeroesMemory { get; init; } = true;

    /// <summary>
    /// Whether the arena starts at a huge page and asks for huge pages, where the system has transparent ones. It then
    /// commits and gives back whole ones.
    /// </summary>
    public bool UsesHugePages { get; init; }

    /// <summary>What is done to find overruns and uses after a rewind. Default: nothing.</summary>
    public ArenaChecks Checks { get; init; }
}
