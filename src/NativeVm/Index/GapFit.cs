namespace NativeVm.Index;

/// <summary>Where in one gap a query fits, and the only place where it is decided.</summary>
/// <remarks>
/// Candidates are the pages that leave the phase when divided by the alignment. Which of them keep off a boundary is
/// a question about multiples of the alignment modulo the boundary, answered by Euclid's algorithm: no loop walks
/// from candidate to candidate, however odd the two numbers are to each other. No sum wraps.
/// </remarks>
internal static class GapFit
{
    /// <summary>The lowest page of [<paramref name="gapStart"/>, <paramref name="gapEnd"/>) that satisfies the query.</summary>
    public static bool TryFit(ulong gapStart, ulong gapEnd, in SpaceQuery query, out ulong page)
    {
        page = 0;
        if (!TryBound(gapStart, gapEnd, query, out ulong low, out ulong highest))
        {
            return false;
        }

        ulong past = low % query.Alignment;
        ulong step = past <= query.Phase ? query.Phase - past : query.Alignment - (past - query.Phase);
        if (step > highest - low)
        {
            return false;
        }

        low += step;
        if (query.Boundary != 0)
        {
            // The first multiple of the alignment that moves the candidate into the allowed part of a boundary's span.
            ulong position = low % query.Boundary;
            ulong room = query.Boundary - query.PageCount;
            if (position > room)
            {
                ulong from = query.Boundary - position;
                UInt128 steps = FirstMultiple(query.Alignment % query.Boundary, query.Boundary, from, from + room);
                if (steps > (highest - low) / query.Alignment)
                {
                    return false;
                }

                low += (ulong)steps * query.Alignment;
            }
        }

        page = low;
        return true;
    }

    /// <summary>The highest page of [<paramref name="gapStart"/>, <paramref name="gapEnd"/>) that satisfies the query.</summary>
    public static bool TryFitLast(ulong gapStart, ulong gapEnd, in SpaceQuery query, out ulong page)
    {
        page = 0;
        if (!TryBound(gapStart, gapEnd, query, out ulong low, out ulong highest))
        {
            return false;
        }

        ulong past = highest % query.Alignment;
        ulong step = past >= query.Phase ? past - query.Phase : query.Alignment - (query.Phase - past);
        if (step > highest - low)
        {
            return false;
        }

        highest -= step;
        if (query.Boundary != 0)
        {
            ulong position = highest % query.Boundary;
            ulong room = query.Boundary - query.PageCount;
            if (position > room)
            {
                UInt128 steps = FirstMultiple(query.Alignment % query.Boundary, query.Boundary, position - room, position);
                if (steps > (highest - low) / query.Alignment)
                {
                    return false;
                }

                highest -= (ulong)steps * query.Alignment;
            }
        }

        page = highest;
        return true;
    }

    /// <summary>The pages, from low to highest, at which the length fits as far as gap and limits go.</summary>
    private static bool TryBound(ulong gapStart, ulong gapEnd, in SpaceQuery query, out ulong low, out ulong highest)
    {
        low = Math.Max(gapStart, query.Start);
        ulong high = Math.Min(gapEnd, query.Limit);
        highest = unchecked(high - query.PageCount);
        return high > low
            && high - low >= query.PageCount
            && query.Phase < query.Alignment
            && (query.Boundary == 0 || query.Boundary >= query.PageCount);
    }

    /// <summary>
    /// The least n of 1 or more with <paramref name="from"/> ≤ n · <paramref name="factor"/> modulo
    /// <paramref name="modulus"/> ≤ <paramref name="to"/>, where 0 &lt; from ≤ to &lt; modulus; the largest number
    /// when there is none.
    /// </summary>
    private static UInt128 FirstMultiple(UInt128 factor, UInt128 modulus, UInt128 from, UInt128 to)
    {
        if (factor == 0)
        {
            return UInt128.MaxValue;
        }

        UInt128 count = (from + factor - 1) / factor;
        if (count * factor <= to)
        {
            return count;
        }

        // No multiple lies in the window before the first wrap, so the answer is set by how often it wraps: y times,
        // where y · modulus modulo factor lies in the window turned around.
        UInt128 wraps = FirstMultiple(modulus % factor, factor, factor - (to % factor), factor - (from % factor));
        return wraps == UInt128.MaxValue ? wraps : ((wraps * modulus) + from + factor - 1) / factor;
    }
}
