namespace NativeVm.Index.Tree;

/// <content>The other policies and constraints, over the same figures.</content>
/// <remarks>
/// First, last, next and nearest fit are walks over candidate leaves, upwards or downwards, that end at the first
/// fit. Best fit has to see every leaf with a gap that is long enough, until it meets one that is exactly long
/// enough. A random fit is drawn by trying random places first, each accepted or refused for itself and therefore
/// equally probable, and only when many are refused by counting all fits and choosing one by its number.
/// </remarks>
internal sealed unsafe partial class BPlusTreeIndex
{
    private const int RandomAttempts = 64;

    private bool TryFindByPolicy(in SpaceQuery query, out ulong page)
    {
        switch (query.Policy)
        {
            case SpacePolicy.First:
                return TryFindLowest(query, out page);
            case SpacePolicy.Last:
                return TryFindHighest(query, out page);
            case SpacePolicy.Next:
                return TryFindLowest(query with { Start = Math.Max(query.Start, query.Mark) }, out page)
                    || TryFindLowest(query, out page);
            case SpacePolicy.Best:
                return TryFindBest(query, out page);
            case SpacePolicy.Random:
                return TryFindRandom(query, out page);
            case SpacePolicy.Nearest:
                return TryFindNearest(query, out page);
            default:
                throw new ArgumentOutOfRangeException(nameof(query), query.Policy, "Not a policy.");
        }
    }

    private bool TryFindNearest(in SpaceQuery query, out ulong page)
    {
        // Places at or below the mark end no later than the mark and a length.
        ulong end = query.PageCount > ulong.MaxValue - query.Mark ? ulong.MaxValue : query.Mark + query.PageCount;
        bool hasBelow = TryFindHighest(query with { Limit = Math.Min(query.Limit, end) }, out ulong below);
        SpaceQuery upper = query with { Start = Math.Max(query.Start, query.Mark) };
        if (hasBelow)
        {
            // Only a place nearer than the one below is of interest above.
            ulong most = query.Mark - below;
            ulong limit = most > ulong.MaxValue - end ? ulong.MaxValue : end + most;
            upper = upper with { Limit = Math.Min(query.Limit, limit) };
        }

        bool hasAbove = TryFindLowest(upper, out ulong above);
        page = hasBelow && (!hasAbove || query.Mark - below <= above - query.Mark) ? below : above;
        return hasBelow || hasAbove;
    }

    private bool TryFindBest(in SpaceQuery query, out ulong page)
    {
        page = 0;
        ulong smallest = ulong.MaxValue;
        bool includeReserves = Includes(query);
        int figureClass = BoundOf(query);
        int least = LeastOf(query);
        for (LeafNode* leaf = FirstCandidate(Math.Max(query.Start, FirstPage), figureClass, least);
            leaf != null && LeafNode.StartOf(leaf, 0) < query.Limit;
            leaf = NextCandidate(figureClass, least))
        {
            for (int i = 0; i < leaf->Count; i++)
            {
                GapOf(leaf, i, includeReserves, out ulong low, out ulong high);
                if (high - low < smallest && GapFit.TryFit(low, high, query, out ulong found))
                {
                    smallest = high - low;
                    page = found;
                    if (smallest == query.PageCount)
                    {
                        return true;
                    }
                }
            }
        }

        return smallest != ulong.MaxValue;
    }

    private bool TryFindRandom(in SpaceQuery query, out ulong page)
    {
        page = 0;
        ulong start = Math.Max(query.Start, FirstPage);
        ulong limit = Math.Min(query.Limit, EndPage);
        if (query.Phase >= query.Alignment
            || !GapFit.TryFit(start, limit, query with { Boundary = 0 }, out ulong lowest)
            || !GapFit.TryFitLast(start, limit, query with { Boundary = 0 }, out ulong highest))
        {
            return false;
        }

        ulong random = query.Mark;
        ulong candidates = ((highest - lowest) / query.Alignment) + 1;
        for (int i = 0; i < RandomAttempts; i++)
        {
            page = lowest + (Below(candidates, ref random) * query.Alignment);
            ulong end = page + query.PageCount;
            bool isFree = TryFindLowest(query with { Start = page, Limit = end }, out ulong found);
            if (isFree && found == page)
            {
                return true;
            }
        }

        UInt128 fits = CountFits(query, UInt128.MaxValue, out page);
        if (fits != 0)
        {
            CountFits(query, Below(fits, ref random), out page);
        }

        return fits != 0;
    }

    /// <summary>The number of places that satisfy a query, or the place with a number.</summary>
    private UInt128 CountFits(in SpaceQuery query, UInt128 wanted, out ulong page)
    {
        UInt128 fits = 0;
        bool includeReserves = Includes(query);
        int figureClass = BoundOf(query);
        int least = LeastOf(query);
        page = 0;
        for (LeafNode* leaf = FirstCandidate(Math.Max(query.Start, FirstPage), figureClass, least);
            leaf != null && LeafNode.StartOf(leaf, 0) < query.Limit;
            leaf = NextCandidate(figureClass, least))
        {
            for (int i = 0; i < leaf->Count; i++)
            {
                GapOf(leaf, i, includeReserves, out ulong low, out ulong high);
                fits += CountFits(Math.Max(low, query.Start), Math.Min(high, query.Limit), query, wanted - fits, ref page);
                if (fits > wanted)
                {
                    return fits;
                }
            }
        }

        return fits;
    }

    /// <summary>
    /// The number of places in one gap. Up to the next multiple of the boundary they are evenly spaced; and where
    /// the alignment divides the boundary, every span between two multiples has as many.
    /// </summary>
    private static UInt128 CountFits(ulong low, ulong high, in SpaceQuery query, UInt128 wanted, ref ulong page)
    {
        UInt128 fits = 0;
        bool isRegular = query.Boundary != 0 && query.Boundary % query.Alignment == 0;
        while (low < high && GapFit.TryFit(low, high, query, out ulong first))
        {
            ulong end = query.Boundary == 0 ? high : Math.Min(high, NextMultiple(first, query.Boundary));
            ulong here = ((end - query.PageCount - first) / query.Alignment) + 1;
            ulong spans = isRegular && first % query.Boundary < query.Alignment ? (high - first) / query.Boundary : 0;
            UInt128 all = spans > 1 && end - first >= query.Boundary - query.Alignment ? (UInt128)here * spans : here;
            if (wanted - fits < all)
            {
                (UInt128 span, UInt128 inSpan) = UInt128.DivRem(wanted - fits, here);
                page = first + ((ulong)span * query.Boundary) + ((ulong)inSpan * query.Alignment);
                return wanted + 1;
            }

            fits += all;
            low = all == here ? end : end + ((spans - 1) * query.Boundary);
        }

        return fits;
    }

    private static ulong NextMultiple(ulong page, ulong boundary)
    {
        ulong step = boundary - (page % boundary);
        return step > ulong.MaxValue - page ? ulong.MaxValue : page + step;
    }

    private static UInt128 Below(UInt128 bound, ref ulong state) =>
        bound <= ulong.MaxValue ? Below((ulong)bound, ref state) : ((UInt128)Step(ref state) << 64 | Step(ref state)) % bound;

    /// <summary>A number below a bound, every one with the same probability but for less than 2^-64 of them.</summary>
    private static ulong Below(ulong bound, ref ulong state) => Math.BigMul(Step(ref state), bound, out _);

    /// <summary>Sebastiano Vigna's splitmix64.</summary>
    private static ulong Step(ref ulong state)
    {
        unchecked
        {
            state += 0x9E3779B97F4A7C15;
            ulong mixed = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
            mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
            return mixed ^ (mixed >> 31);
        }
    }

    private bool Includes(in SpaceQuery query) => query.IncludeStackReserves && _reserveCount != 0;

    private static int LeastOf(in SpaceQuery query) => (int)Math.Min(query.PageCount, LeafNode.Saturated);

    /// <summary>The class whose figures bound a query's from above; with a phase, only the plain gap does.</summary>
    private int BoundOf(in SpaceQuery query) =>
        Includes(query) ? FigureClasses.WithReserves
        : query.Phase != 0 ? 0
        : ClassOf(query.Alignment);

    private bool TryFindHighest(in SpaceQuery query, out ulong page)
    {
        ulong limit = Math.Min(query.Limit, EndPage);
        page = 0;
        if (limit <= Math.Max(query.Start, FirstPage))
        {
            return false;
        }

        bool includeReserves = Includes(query);
        int figureClass = BoundOf(query);
        int least = LeastOf(query);
        for (LeafNode* leaf = LastCandidate(limit - 1, figureClass, least);
            leaf != null && leaf->NextStart > query.Start;
            leaf = PreviousCandidate(figureClass, least))
        {
            for (int i = leaf->Count - 1; i >= 0; i--)
            {
                GapOf(leaf, i, includeReserves, out ulong low, out ulong high);
                if (GapFit.TryFitLast(low, high, query, out page))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
