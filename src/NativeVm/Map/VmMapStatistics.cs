namespace NativeVm;

/// <summary>The figures of a map at one moment. All sizes are in bytes.</summary>
public readonly record struct VmMapStatistics
{
    /// <summary>Address space that the system has reserved for the map.</summary>
    public nuint ReservedByteCount { get; init; }

    /// <summary>What entries span, foreign ones left out.</summary>
    public nuint MappedByteCount { get; init; }

    /// <summary>Pages with memory behind them, resident or not.</summary>
    public nuint CommittedByteCount { get; init; }

    /// <summary>
    /// Pages that no entry has memory behind and the system has, empty and not resident: near the system's cap on
    /// mappings they are kept where giving them back would split one. 0 as long as mappings are not short.
    /// </summary>
    public nuint RetainedByteCount { get; init; }

    /// <summary>Entries, foreign ones included.</summary>
    public nuint EntryCount { get; init; }

    /// <summary>The longest free range, up to <see cref="VmMap.MaxAddress"/>, whether reserved already or not.</summary>
    public nuint LargestGapByteCount { get; init; }

    /// <summary>The system's mappings in what the map has reserved, or 0 where the system does not tell.</summary>
    public nuint MappingCount { get; init; }

    /// <summary>How many mappings the process may have (<c>vm.max_map_count</c>), or 0 where nothing limits them.</summary>
    public nuint MappingLimit { get; init; }

    /// <summary>Reservations that the map has made and holds, one when it has not grown.</summary>
    public nuint ReservationCount { get; init; }

    /// <summary>Native memory that the map's own records take.</summary>
    public nuint MetadataByteCount { get; init; }
}
