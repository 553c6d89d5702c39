namespace NativeVm;

/// <summary>
/// What one map, allocator or buffer holds at one moment. Sizes are in bytes; <see langword="null"/> is a figure that
/// this kind of thing does not have, or that the system did not tell.
/// </summary>
/// <remarks>
/// Figures are summed within one kind, never across kinds: what an allocator has reserved is part of what its map has
/// mapped.
/// </remarks>
public readonly record struct VmUsage
{
    /// <summary>Address space that it has reserved or taken from what it is built on.</summary>
    public nuint? ReservedByteCount { get; init; }

    /// <summary>Pages with memory behind them, resident or not.</summary>
    public nuint? CommittedByteCount { get; init; }

    /// <summary>Pages that are in memory now.</summary>
    public nuint? ResidentByteCount { get; init; }

    /// <summary>What is in the hands of its users.</summary>
    public nuint? AllocatedByteCount { get; init; }

    /// <summary>Entries of a map; allocations of an allocator.</summary>
    public nuint? EntryCount { get; init; }

    /// <summary>The system's mappings in it.</summary>
    public nuint? MappingCount { get; init; }

    /// <summary>What it has given back to the system since it was made while it kept the addresses.</summary>
    public nuint? PurgedByteCount { get; init; }
}
