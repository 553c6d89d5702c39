using System.Numerics;

namespace NativeVm.Index.Tree;

/// <summary>
/// The alignments for which every subtree has an exact figure: the room of its best gap, that is the pages from
/// the first multiple of the alignment in the gap to the gap's end.
/// </summary>
/// <remarks>
/// Class <c>k</c> up to <see cref="LargestShift"/> is the alignment of 2^k pages, class 0 the plain gap. The last
/// class is the plain gap with the growth reserves of stacks counted as free. With pages of 4 KiB these are all
/// powers of two to 1 GiB.
/// </remarks>
internal static class FigureClasses
{
    public const int LargestShift = 18;
    public const int LargestAlignment = 1 << LargestShift;

    /// <summary>The class of gaps with their growth reserves.</summary>
    public const int WithReserves = LargestShift + 1;

    public const int Count = WithReserves + 1;

    /// <summary>A bit for every class.</summary>
    public const uint All = (1u << Count) - 1;

    /// <summary>
    /// The class whose figures bound those of an alignment from above, and are exact for a power of two up to
    /// <see cref="LargestAlignment"/>: a multiple of the alignment is a multiple of every power of two in it.
    /// </summary>
    public static int Bounding(ulong alignment) => Math.Min(BitOperations.TrailingZeroCount(alignment), LargestShift);

    public static bool IsExact(ulong alignment) => BitOperations.IsPow2(alignment) && alignment <= LargestAlignment;
}
