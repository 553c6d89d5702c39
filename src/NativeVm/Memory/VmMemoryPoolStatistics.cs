namespace NativeVm;

/// <summary>The figures of a <see cref="VmMemoryPool{T}"/> at one moment.</summary>
public readonly record struct VmMemoryPoolStatistics
{
    /// <summary>Rents that have not been given back.</summary>
    public nuint RentedCount { get; init; }

    /// <summary>Their bytes, whole pages.</summary>
    public nuint RentedByteCount { get; init; }

    /// <summary>Memory that the pool's allocator has behind it, retained runs included.</summary>
    public nuint CommittedByteCount { get; init; }
}
