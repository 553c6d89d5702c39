namespace NativeVm.Tool.Profiling.Maps;

/// <summary>Replaces a random entry: removes it, finds space for one of another length, and inserts that.</summary>
/// <param name="map">The map.</param>
/// <param name="live">Entries in it.</param>
/// <param name="alignedShare">Of so many requests one is aligned, to 16 or 512 pages; 0 for none.</param>
/// <param name="isTimedSingly">Whether each replacement is timed alone.</param>
internal sealed class MapChurnLane<TMap>(TMap map, int live, ulong alignedShare, bool isTimedSingly)
    : MapLane<TMap>(map, RandomFill.Of<TMap>(live))
    where TMap : struct, ISpaceMap
{
    private ulong _tag = 1UL << 32;

    /// <inheritdoc/>
    public override bool IsTimedSingly => isTimedSingly;

    /// <inheritdoc/>
    protected override void RunAll(long operationCount)
    {
        MapRange[] entries = Entries;
        TMap space = Map;
        ulong first = space.FirstPage;
        for (long i = 0; i < operationCount; i++)
        {
            ref MapRange entry = ref entries[Next((ulong)entries.Length)];
            space.Remove(entry.Page, entry.PageCount);
            ulong pageCount = 1 + Next(RandomFill.LongestEntry);
            ulong alignment = alignedShare != 0 && Next(alignedShare) == 0 ? (Next(2) == 0 ? 16ul : 512ul) : 1ul;
            if (!space.TryFind(first, pageCount, alignment, out ulong page))
            {
                // The old place is free again, and never too short for one page.
                page = entry.Page;
                pageCount = 1;
            }

            space.Insert(page, pageCount, _tag++);
            entry = new MapRange(page, pageCount);
        }
    }
}
