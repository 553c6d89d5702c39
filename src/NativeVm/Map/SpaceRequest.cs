namespace NativeVm;

/// <summary>
/// What a search for free space asks: a length, and constraints that the result satisfies exactly. Only the length is
/// needed; all of it is in bytes.
/// </summary>
/// <remarks>
/// With guards, the result is the first address above the lower guard: alignment and phase are its own, while start,
/// limit and boundary, and the choice of a policy, hold for all from the lower guard's first byte to the upper one's last.
/// </remarks>
public readonly record struct SpaceRequest
{
    /// <summary>A request for a length.</summary>
    /// <param name="byteCount">Bytes, rounded up to whole pages; not 0. A rounding that wraps finds nothing.</param>
    public SpaceRequest(nuint byteCount)
    {
        ByteCount = byteCount;
        Alignment = 1;
    }

    /// <summary>Bytes, rounded up to whole pages; not 0. A rounding that wraps finds nothing.</summary>
    public nuint ByteCount { get; init; }

    /// <summary>The lowest address that the result may have; below the map it means the map's first.</summary>
    public nuint Start { get; init; }

    /// <summary>
    /// The first address that no byte of the result may have; 0, or one above the map, means the map's end. Limits
    /// that leave no room, a limit at or below the start included, find nothing.
    /// </summary>
    public nuint Limit { get; init; }

    /// <summary>Any number of bytes from 1 up, a power of two or not.</summary>
    public nuint Alignment { get; init; }

    /// <summary>
    /// What the result leaves when divided by the alignment; below the alignment, otherwise it is misuse. A phase that
    /// no multiple of the page size has finds nothing.
    /// </summary>
    public nuint Phase { get; init; }

    /// <summary>
    /// The result does not cross a multiple of this, though it may begin or end at one: a multiple of the page size, 0
    /// for none. A boundary smaller than the length finds nothing.
    /// </summary>
    public nuint Boundary { get; init; }

    /// <summary>
    /// Bytes that are kept free directly below the result, and made a guard by
    /// <see cref="VmMap.Find(in SpaceRequest, in VmEntryAttributes, out nuint)"/>; rounded up to whole pages.
    /// </summary>
    public nuint GuardBefore { get; init; }

    /// <summary>As <see cref="GuardBefore"/>, directly above the result.</summary>
    public nuint GuardAfter { get; init; }

    /// <summary>How the growth reserves of stacks are treated.</summary>
    public FindSpaceFlags Flags { get; init; }

    /// <summary>Which of several places is taken.</summary>
    public SpacePolicy Policy { get; init; }

    /// <summary>The address that <see cref="SpacePolicy.Next"/> and <see cref="SpacePolicy.Nearest"/> start from.</summary>
    public nuint Mark { get; init; }
}
