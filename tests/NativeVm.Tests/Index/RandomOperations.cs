using NativeVm.Index;

namespace NativeVm.Tests.Index;

/// <summary>Random operations on the tree and the model, every result compared.</summary>
internal static class RandomOperations
{
    private static readonly ulong[] OddAlignments = [3, 7, 24, 100, 900, 1 << 19, 3UL << 31, ulong.MaxValue];

    public static void Run(ulong first, ulong end, int most, int detailPeriod, int steps, int seed)
    {
        Random random = new(seed);
        using IndexPair pair = new(first, end, seed) { DetailPeriod = detailPeriod };
        bool grows = true;
        int target = most;
        for (int step = 0; step < steps; step++)
        {
            int count = pair.Model.Count;
            if (grows ? count >= target : count <= target)
            {
                grows = !grows;
                target = grows ? random.Next(target, most + 1) : random.Next(target + 1);
            }

            int choice = random.Next(100);
            if (choice < 35)
            {
                pair.CompareSearch(Query(random, pair));
            }
            else if (choice < 40)
            {
                pair.CompareLookup(Page(random, pair));
            }
            else if (choice < 50 && count > 0)
            {
                pair.ReplaceAt(random.Next(count));
            }
            else if (choice < 52 && count > 0)
            {
                int from = random.Next(count + 1);
                pair.RemoveRange(from, Math.Min(count, from + random.Next(random.Next(2) == 0 ? 4 : 150)));
            }
            else if (choice < (grows ? 90 : 62))
            {
                Insert(random, pair);
            }
            else if (count > 0)
            {
                pair.RemoveAt(random.Next(count));
            }

            if (step % 997 == 0)
            {
                pair.CompareAll();
            }
        }

        pair.CompareAll();
        pair.RemoveRange(0, pair.Model.Count);
        pair.CompareAll();
    }

    private static void Insert(Random random, IndexPair pair)
    {
        // Into a gap chosen by number, or at what a search finds.
        int gap = random.Next(pair.Model.Count + 1);
        ulong low = pair.Model.GapStart(gap);
        ulong high = pair.Model.GapEnd(gap);
        if (random.Next(3) == 0)
        {
            SpaceQuery query = Query(random, pair);
            if (pair.Tree.TryFindSpace(query, out ulong page))
            {
                pair.Insert(page, page + query.PageCount);
            }

            return;
        }

        if (low < high)
        {
            ulong start = pair.Pick(low, high);
            ulong most = high - start;
            ulong length = random.Next(10) switch
            {
                0 => most,
                1 => (ulong)random.NextInt64((long)most),
                _ => Math.Min(most, (ulong)random.Next(1, 12)),
            };
            pair.Insert(start, start + Math.Max(length, 1));
        }
    }

    private static ulong Page(Random random, IndexPair pair)
    {
        if (random.Next(3) == 0 || pair.Model.Count == 0)
        {
            return pair.Pick(pair.Model.FirstPage, pair.Model.EndPage);
        }

        EntryRecord entry = pair.Model.Entries[random.Next(pair.Model.Count)];
        ulong page = random.Next(2) == 0 ? entry.Start : entry.End;
        return random.Next(3) switch { 0 => page, 1 => page + 1, _ => page == 0 ? 0 : page - 1 };
    }

    private static SpaceQuery Query(Random random, IndexPair pair)
    {
        ulong start = random.Next(3) switch { 0 => 0, 1 => pair.Model.FirstPage, _ => Page(random, pair) };
        ulong limit = random.Next(4) == 0 ? Page(random, pair) : ulong.MaxValue;
        ulong length = random.Next(6) switch
        {
            0 => 1,
            1 => (ulong)random.NextInt64(1, (long)(pair.Model.EndPage - pair.Model.FirstPage) + 2),
            2 => pair.Model.LargestGap + (ulong)random.Next(2),
            3 => 1 + (pair.Model.LargestGap / (ulong)random.Next(1, 5)),
            _ => (ulong)random.Next(1, 64),
        };
        ulong alignment = random.Next(8) switch
        {
            < 2 => 1,
            < 6 => 1UL << random.Next(20),
            6 => OddAlignments[random.Next(OddAlignments.Length)],
            _ => 1UL << random.Next(64),
        };
        return new SpaceQuery(start, limit, Math.Max(length, 1), alignment, random.Next(2) == 0);
    }
}
