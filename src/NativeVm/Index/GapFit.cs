namespace NativeVm.Index;

/// <summary>Where in one gap a query fits, and the only place where it is decided.</summary>
internal static class GapFit
{
    /// <summary>
    /// The lowest page of [<paramref name="gapStart"/>, <paramref name="gapEnd"/>) that satisfies the query. No sum
    /// wraps: a candidate whose alignment would pass the gap's end is given up before it is computed.
    /// </summary>
    public static bool TryFit(ulong gapStart, ulong gapEnd, in SpaceQuery query, out ulong page)
    {
        ulong low = Math.Max(gapStart, query.Start);
        ulong high = Math.Min(gapEnd, query.Limit);
        page = 0;
        if (high <= low || high - low < query.PageCount)
        {
            return false;
        }

        ulong past = query.Alignment == 1 ? 0 : low % query.Alignment;
        if (past != 0)
        {
            ulong step = query.Alignment - past;
            if (step > high - low - query.PageCount)
            {
                return false;
            }

            low += step;
        }

        page = low;
        return true;
    }
}
