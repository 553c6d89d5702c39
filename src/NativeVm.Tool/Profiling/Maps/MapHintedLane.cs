namespace NativeVm.Tool.Profiling.Maps;

/// <summary>Searches from a random page upwards, and inserts nothing.</summary>
internal sealed class MapHintedLane<TMap>(TMap map, int live) : MapLane<TMap>(map, RandomFill.Of<TMap>(live))
    where TMap : struct, ISpaceMap
{
    private ulong _found;

    /// <inheritdoc/>
    protected override void RunAll(long operationCount)
    {
        TMap space = Map;
        ulong first = space.FirstPage;
        ulong pageCount = RandomFill.PageCount(live) - 4096;
        ulong found = 0;
        for (long i = 0; i < operationCount; i++)
        {
            space.TryFind(first + Next(pageCount), 1 + Next(RandomFill.LongestEntry), 1, out ulong page);
            found ^= page;
        }

        _found ^= found;
    }
}
