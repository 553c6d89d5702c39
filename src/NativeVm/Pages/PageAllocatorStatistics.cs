namespace NativeVm;

/// <summary>The figures of a <see cref="PageAllocator"/> at one moment. All sizes are in bytes.</summary>
public readonly record struct PageAllocatorStatistics
{
    /// <summary>What the allocator has taken from its map: allocated, retained, given back and never used.</summary>
    public nuint ReservedByteCount { get; init; }

    /// <summary>Of what it has taken, the pages that can be touched, resident or not.</summary>
    public nuint CommittedByteCount { get; init; }

    /// <summary>Runs in use, whole pages.</summary>
    public nuint AllocatedByteCount { get; init; }

    /// <summary>Free memory that has not been given back, that in the caches of threads included.</summary>
    public nuint RetainedByteCount { get; init; }

    /// <summary>Of what is retained, what lies in the caches of threads.</summary>
    public nuint CachedByteCount { get; init; }

    /// <summary>All that has been given back to the system since the allocator was made.</summary>
    public nuint PurgedByteCount { get; init; }

    /// <summary>Calls in which it was given back.</summary>
    public nuint PurgeCount { get; init; }

    /// <summary>Native memory of the allocator's own records.</summary>
    public nuint MetadataByteCount { get; init; }
}
