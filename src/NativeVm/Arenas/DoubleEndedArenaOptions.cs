using NativeVm.Platform;

namespace NativeVm;

/// <summary>What a <see cref="DoubleEndedArena"/> is made with.</summary>
public sealed record DoubleEndedArenaOptions
{
    /// <summary>Bytes of address space that the two ends share, rounded up to whole pages; not 0.</summary>
    public required nuint ByteCount { get; init; }

    /// <summary>A name for diagnostics.</summary>
    public string Name { get; init; } = nameof(DoubleEndedArena);

    /// <summary>A map to take the range from. Default: a map of the arena's own, disposed of with it.</summary>
    public VmMap? Map { get; init; }

    /// <summary>Where the pages of a map of its own come from. Default: <see cref="VmPlatform.Current"/>.</summary>
    public VmPlatform? Platform { get; init; }

    /// <summary>Where the records of a map of its own come from; real memory always. Default: the operating system.</summary>
    public VmPlatform? MetadataPlatform { get; init; }

    /// <summary>Bytes that both ends may commit at most, rounded down to whole pages; 0, the default, for all of the range.</summary>
    public nuint MemoryLimit { get; init; }

    /// <summary>Bytes of the smallest step in which memory is committed ahead of use; 0, the default, for 64 KiB.</summary>
    public nuint CommitStep { get; init; }

    /// <summary>Whether all that is handed out reads as zeros, which it does by default; as for a <see cref="LinearArena"/>.</summary>
    public bool ZeroesMemory { get; init; } = true;
}
