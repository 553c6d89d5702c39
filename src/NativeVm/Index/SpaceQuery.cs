namespace NativeVm.Index;

/// <summary>What a search for free space asks of the index, in page numbers.</summary>
/// <param name="Start">The lowest page that the result may start at.</param>
/// <param name="Limit">The first page that no page of the result may reach.</param>
/// <param name="PageCount">Pages to find; not 0.</param>
/// <param name="Alignment">
/// The result is a multiple of this number of pages, plus <see cref="Phase"/>; a power of two or not; not 0.
/// </param>
/// <param name="IncludeStackReserves">Whether the growth reserves of stacks count as free.</param>
internal readonly record struct SpaceQuery(
    ulong Start, ulong Limit, ulong PageCount, ulong Alignment, bool IncludeStackReserves)
{
    /// <summary>What the result leaves when divided by the alignment. One that is not below it is never left: no fit.</summary>
    public ulong Phase { get; init; }

    /// <summary>
    /// No multiple of this number of pages lies inside the result, though one may be its start or its end; 0 for
    /// none. One that is smaller than the length leaves no fit.
    /// </summary>
    public ulong Boundary { get; init; }

    /// <summary>Which of several places is taken.</summary>
    public SpacePolicy Policy { get; init; }

    /// <summary>A page, or a random number, that the policy needs.</summary>
    public ulong Mark { get; init; }

    /// <summary>Whether only start, limit, length and alignment matter.</summary>
    public bool IsPlain => (Phase | Boundary | (ulong)Policy) == 0;
}
