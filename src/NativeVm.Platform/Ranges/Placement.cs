namespace NativeVm.Platform;

/// <summary>
/// Where a reservation may lie: anywhere, at one address, or inside bounds, and how it is aligned. Immutable.
/// </summary>
/// <remarks>
/// Every placement is a request to the system for the exact place. None of them looks first and maps afterwards,
/// so another thread that maps at the same time costs another try, never a wrong address, and never replaces what
/// it mapped.
/// </remarks>
public readonly record struct Placement
{
    private Placement(bool isExact, nuint lowest, nuint highest, nuint alignment)
    {
        IsExact = isExact;
        LowestAddress = lowest;
        HighestAddress = highest;
        Alignment = alignment;
    }

    /// <summary>Wherever the system likes, aligned to its allocation granularity. The default value is this one.</summary>
    public static Placement Anywhere => default;

    /// <summary>Whether the range must start at <see cref="LowestAddress"/> and nowhere else.</summary>
    public bool IsExact { get; }

    /// <summary>The lowest address that the range may start at; for an exact placement, the address itself.</summary>
    public nuint LowestAddress { get; }

    /// <summary>The end of the range may equal this address but not lie above it; 0 means that nothing limits it.</summary>
    public nuint HighestAddress { get; }

    /// <summary>The start is a multiple of this power of two, in bytes; 0 means the allocation granularity.</summary>
    public nuint Alignment { get; }

    /// <summary>Whether the system is free to choose, but for the alignment.</summary>
    public bool IsUnbounded => !IsExact && LowestAddress == 0 && HighestAddress == 0;

    /// <summary>Anywhere, at a multiple of <paramref name="alignment"/>.</summary>
    /// <param name="alignment">A power of two, in bytes.</param>
    /// <exception cref="ArgumentOutOfRangeException">The alignment is not a power of two.</exception>
    public static Placement Aligned(nuint alignment) => new(false, 0, 0, PowerOfTwo(alignment));

    /// <summary>
    /// At <paramref name="address"/> exactly, or refused with <see cref="RefusalReason.AddressInUse"/> when any
    /// page of the range belongs to somebody.
    /// </summary>
    /// <param name="address">A multiple of the allocation granularity.</param>
    public static Placement At(nuint address) => new(true, address, 0, 0);

    /// <summary>Ending at or below <paramref name="limit"/>, for pointers that must fit 32 or 31 bits.</summary>
    /// <param name="limit">The first address that no byte of the range may have; not 0.</param>
    /// <param name="alignment">A power of two, in bytes, or 0 for the allocation granularity.</param>
    /// <exception cref="ArgumentOutOfRangeException">The limit is 0, or the alignment is not a power of two.</exception>
    public static Placement Below(nuint limit, nuint alignment = 0)
    {
        ArgumentOutOfRangeException.ThrowIfZero(limit);
        return new(false, 0, limit, alignment == 0 ? 0 : PowerOfTwo(alignment));
    }

    /// <summary>Starting at or above <paramref name="lowest"/> and ending at or below <paramref name="highest"/>.</summary>
    /// <param name="lowest">The lowest address that the range may start at.</param>
    /// <param name="highest">The first address that no byte of the range may have; above <paramref name="lowest"/>.</param>
    /// <param name="alignment">A power of two, in bytes, or 0 for the allocation granularity.</param>
    /// <exception cref="ArgumentOutOfRangeException">The bounds are empty, or the alignment is not a power of two.</exception>
    public static Placement Between(nuint lowest, nuint highest, nuint alignment = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(highest, lowest);
        return new(false, lowest, highest, alignment == 0 ? 0 : PowerOfTwo(alignment));
    }

    /// <summary>
    /// Wholly within <paramref name="distance"/> bytes of <paramref name="address"/>, above or below, so that a
    /// relative jump or a 32-bit displacement reaches every byte.
    /// </summary>
    /// <param name="address">The address to stay near.</param>
    /// <param name="distance">How far the farthest byte may be, in bytes; not 0.</param>
    /// <param name="alignment">A power of two, in bytes, or 0 for the allocation granularity.</param>
    /// <exception cref="ArgumentOutOfRangeException">The distance is 0, or the alignment is not a power of two.</exception>
    public static Placement Within(nuint address, nuint distance, nuint alignment = 0)
    {
        ArgumentOutOfRangeException.ThrowIfZero(distance);
        nuint lowest = address > distance ? address - distance : 0;
        nuint highest = address <= nuint.MaxValue - distance ? address + distance : nuint.MaxValue;
        return new(false, lowest, highest, alignment == 0 ? 0 : PowerOfTwo(alignment));
    }

    private static nuint PowerOfTwo(nuint alignment) => nuint.IsPow2(alignment)
        ? alignment
        : throw new ArgumentOutOfRangeException(nameof(alignment), alignment, "The alignment of a reservation is a power of two.");
}
