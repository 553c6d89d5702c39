namespace NativeVm.Tool.Profiling.Maps;

/// <summary>Entries of 1 to 64 pages with random gaps, so that about two thirds of the pages are used.</summary>
internal static class RandomFill
{
    /// <summary>The longest entry, in pages.</summary>
    public const int LongestEntry = 64;

    private const int LongestGap = 35;

    /// <summary>Pages that a map of so many entries spans.</summary>
    public static ulong PageCount(int live) => (ulong)live * (((1 + LongestEntry) / 2) + (LongestGap / 2) + 1) + 4096;

    /// <summary>Fills a map.</summary>
    public static Action<TMap, List<MapRange>> Of<TMap>(int live)
        where TMap : struct, ISpaceMap => (map, entries) =>
    {
        Random random = new(live);
        ulong page = map.FirstPage;
        ulong end = page + PageCount(live);
        while (entries.Count < live)
        {
            MapRange range = new(page + (ulong)random.Next(LongestGap + 1), (ulong)random.Next(1, LongestEntry + 1));
            if (range.Page + range.PageCount > end && !map.TryFind(map.FirstPage, range.PageCount, 1, out page))
            {
                break;
            }

            range = range.Page + range.PageCount > end ? range with { Page = page } : range;
            map.Insert(range.Page, range.PageCount, (ulong)entries.Count);
            page = range.Page + range.PageCount > page ? range.Page + range.PageCount : page;
            entries.Add(range);
        }
    };
}
