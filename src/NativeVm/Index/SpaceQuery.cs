namespace NativeVm.Index;

/// <summary>What a search for free space asks of the index, in page numbers.</summary>
/// <param name="Start">The lowest page that the result may start at.</param>
/// <param name="Limit">The first page that no page of the result may reach.</param>
/// <param name="PageCount">Pages to find; not 0.</param>
/// <param name="Alignment">The result is a multiple of this number of pages, a power of two or not; not 0.</param>
/// <param name="IncludeStackReserves">Whether the growth reserves of stacks count as free.</param>
internal readonly record struct SpaceQuery(
    ulong Start, ulong Limit, ulong PageCount, ulong Alignment, bool IncludeStackReserves);
