using NativeVm.Index;

namespace NativeVm.Tests.Index;

/// <summary>Policies and constraints, against a list of every place there is.</summary>
public sealed class SpacePolicyTests
{
    public static TheoryData<ulong, ulong, int, int> Maps => new()
    {
        { 0, 700, 120, 4 },
        { (1UL << 52) - 2500, 1UL << 52, 400, 0 },
        { 5, 3000, 250, 3 },
    };

    [Theory]
    [MemberData(nameof(Maps))]
    public void Every_policy_finds_the_place_that_a_list_of_all_places_has(ulong first, ulong end, int most, int detailPeriod)
    {
        Random random = new(3);
        using IndexPair pair = new(first, end, 5) { DetailPeriod = detailPeriod };
        for (int step = 0; step < 4000; step++)
        {
            if (random.Next(3) == 0 && pair.Model.Count < most)
            {
                int gap = random.Next(pair.Model.Count + 1);
                ulong low = pair.Model.GapStart(gap);
                ulong high = pair.Model.GapEnd(gap);
                if (low < high)
                {
                    ulong start = pair.Pick(low, high);
                    pair.Insert(start, start + 1 + (ulong)random.NextInt64((long)Math.Min(high - start, 9)));
                }
            }
            else if (pair.Model.Count > 0 && random.Next(4) == 0)
            {
                pair.RemoveAt(random.Next(pair.Model.Count));
            }

            Compare(pair, Query(random, pair));
        }

        pair.CompareAll();
    }

    [Fact]
    public void Random_places_are_equally_probable()
    {
        // Few places among many pages, so that drawing fails often and counting is needed too.
        using IndexPair pair = new(0, 4000, 1);
        for (ulong page = 0; page < 4000; page += 20)
        {
            pair.Insert(page, page + (page % 400 == 0 ? 11u : 20u));
        }

        SpaceQuery query = new(0, ulong.MaxValue, 4, 1, false) { Policy = SpacePolicy.Random };
        List<ulong> places = Places(pair, query);
        Dictionary<ulong, int> seen = places.ToDictionary(place => place, _ => 0);
        const int Draws = 200;
        for (int i = 0; i < places.Count * Draws; i++)
        {
            Assert.True(pair.Tree.TryFindSpace(query with { Mark = (ulong)i * 77 }, out ulong page));
            seen[page]++;
        }

        Assert.All(seen.Values, count => Assert.InRange(count, Draws * 2 / 3, Draws * 4 / 3));
    }

    private static void Compare(IndexPair pair, in SpaceQuery query)
    {
        bool found = pair.Tree.TryFindSpace(query, out ulong page);
        List<ulong> places = Places(pair, query);
        ulong mark = query.Mark;
        bool includeReserves = query.IncludeStackReserves;
        string what = $"{query}: {found} 0x{page:x}";
        Assert.True(found == (places.Count != 0), what);
        if (!found)
        {
            return;
        }

        ulong expected = query.Policy switch
        {
            SpacePolicy.First => places[0],
            SpacePolicy.Last => places[^1],
            SpacePolicy.Next => places.Find(place => place >= mark) is ulong next && next >= mark ? next : places[0],
            SpacePolicy.Best => places.MinBy(place => GapLengthAt(pair, place, includeReserves)),
            SpacePolicy.Nearest => places.MinBy(place => place > mark ? place - mark : mark - place),
            _ => places.Contains(page) ? page : ulong.MaxValue,
        };
        Assert.True(page == expected, $"{what}, not 0x{expected:x}");
    }

    private static ulong GapLengthAt(IndexPair pair, ulong page, bool includeReserves)
    {
        int gap = pair.Model.IndexOf(page + 1);
        return pair.Model.FreeEnd(gap, includeReserves) - pair.Model.GapStart(gap);
    }

    /// <summary>Every page that satisfies the query, whatever its policy.</summary>
    private static List<ulong> Places(IndexPair pair, in SpaceQuery query)
    {
        List<ulong> places = [];
        for (int gap = 0; gap <= pair.Model.Count; gap++)
        {
            ulong end = Math.Min(pair.Model.FreeEnd(gap, query.IncludeStackReserves), query.Limit);
            for (ulong page = Math.Max(pair.Model.GapStart(gap), query.Start);
                page < end && query.PageCount <= end - page;
                page++)
            {
                bool crosses = query.Boundary != 0
                    && (page / query.Boundary) != ((page + query.PageCount - 1) / query.Boundary);
                if (page % query.Alignment == query.Phase && !crosses)
                {
                    places.Add(page);
                }
            }
        }

        return places;
    }

    private static SpaceQuery Query(Random random, IndexPair pair)
    {
        ulong first = pair.Model.FirstPage;
        ulong end = pair.Model.EndPage;
        ulong alignment = random.Next(3) switch { 0 => 1, 1 => 1UL << random.Next(6), _ => (ulong)random.Next(1, 40) };
        return new SpaceQuery(
            random.Next(3) == 0 ? pair.Pick(first, end) : 0,
            random.Next(3) == 0 ? pair.Pick(first, end) : ulong.MaxValue,
            (ulong)random.Next(1, 20),
            alignment,
            random.Next(2) == 0)
        {
            Phase = random.Next(2) == 0 ? 0 : (ulong)random.NextInt64((long)alignment + 1),
            Boundary = random.Next(3) switch { 0 => 0, 1 => 1UL << random.Next(7), _ => (ulong)random.Next(1, 60) },
            Policy = (SpacePolicy)random.Next(6),
            Mark = random.Next(5) == 0 ? (ulong)random.NextInt64() : pair.Pick(first, end),
        };
    }
}
