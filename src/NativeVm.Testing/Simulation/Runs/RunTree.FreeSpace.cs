namespace NativeVm.Testing;

internal sealed partial class RunTree
{
    /// <summary>
    /// The lowest (or highest) multiple of <paramref name="alignment"/>, a power of two, at which
    /// <paramref name="byteCount"/> free bytes lie within <c>[lowest, highest)</c>.
    /// </summary>
    /// <remarks>
    /// Exact. Logarithmic unless many free runs are long enough but misaligned, each of which is looked at.
    /// </remarks>
    public bool TryFindFree(
        nuint byteCount, nuint alignment, nuint lowest, nuint highest, PlacementStrategy strategy, out nuint address)
    {
        SpaceSearch search = new(byteCount, alignment, lowest, highest);
        return strategy == PlacementStrategy.TopDown
            ? TryFindHighest(_root, search, out address)
            : TryFindLowest(_root, search, out address);
    }

    private static bool TryFindLowest(Node? node, in SpaceSearch search, out nuint address)
    {
        address = 0;
        if (node is null || node.LongestFree < search.ByteCount)
        {
            return false;
        }

        return (node.Run.Start > search.Lowest && TryFindLowest(node.Left, search, out address))
            || search.TryFitLowest(node.Run, out address)
            || (node.Run.End < search.Highest && TryFindLowest(node.Right, search, out address));
    }

    private static bool TryFindHighest(Node? node, in SpaceSearch search, out nuint address)
    {
        address = 0;
        if (node is null || node.LongestFree < search.ByteCount)
        {
            return false;
        }

        return (node.Run.End < search.Highest && TryFindHighest(node.Right, search, out address))
            || search.TryFitHighest(node.Run, out address)
            || (node.Run.Start > search.Lowest && TryFindHighest(node.Left, search, out address));
    }

    private readonly record struct SpaceSearch(nuint ByteCount, nuint Alignment, nuint Lowest, nuint Highest)
    {
        public bool TryFitLowest(in Run run, out nuint address)
        {
            nuint start = nuint.Max(run.Start, Lowest);
            nuint end = nuint.Min(run.End, Highest);
            nuint padding = unchecked(0 - start) & (Alignment - 1);
            address = 0;
            if (!run.Attributes.IsFree || start >= end || padding > end - start || ByteCount > end - start - padding)
            {
                return false;
            }

            address = start + padding;
            return true;
        }

        public bool TryFitHighest(in Run run, out nuint address)
        {
            nuint start = nuint.Max(run.Start, Lowest);
            nuint end = nuint.Min(run.End, Highest);
            address = 0;
            if (!run.Attributes.IsFree || start >= end || ByteCount > end - start)
            {
                return false;
            }

            nuint candidate = (end - ByteCount) & ~(Alignment - 1);
            if (candidate < start)
            {
                return false;
            }

            address = candidate;
            return true;
        }
    }
}
