namespace NativeVm.Tool.Profiling.Maps;

/// <summary>Asks whether a random page is used; the questions do not depend on each other's answers.</summary>
internal sealed class MapLookupLane<TMap>(TMap map, int live) : MapLane<TMap>(map, RandomFill.Of<TMap>(live))
    where TMap : struct, ISpaceMap
{
    private long _used;

    /// <inheritdoc/>
    protected override void RunAll(long operationCount)
    {
        TMap space = Map;
        ulong first = space.FirstPage;
        ulong pageCount = RandomFill.PageCount(live);
        long used = 0;
        for (long i = 0; i < operationCount; i++)
        {
            used += space.Contains(first + Next(pageCount)) ? 1 : 0;
        }

        _used += used;
    }
}
