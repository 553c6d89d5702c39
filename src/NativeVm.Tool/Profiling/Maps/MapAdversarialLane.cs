using NativeVm.Tool.Commands;

namespace NativeVm.Tool.Profiling.Maps;

/// <summary>Searches a map from its start for what only its last gap has.</summary>
internal sealed class MapAdversarialLane<TMap>(TMap map, int live, AdversarialCase one)
    : MapLane<TMap>(map, (space, entries) => Fill(space, entries, live, one))
    where TMap : struct, ISpaceMap
{
    /// <inheritdoc/>
    protected override void RunAll(long operationCount)
    {
        TMap space = Map;
        ulong first = space.FirstPage;
        for (long i = 0; i < operationCount; i++)
        {
            if (!space.TryFind(first, one.PageCount, one.Alignment, out _))
            {
                throw ToolException.Failure("the last gap was not found.");
            }
        }
    }

    private static void Fill(TMap map, List<MapRange> entries, int live, AdversarialCase one)
    {
        ulong past = map.FirstPage % one.Origin;
        ulong start = past == 0 ? map.FirstPage : map.FirstPage + one.Origin - past;
        MapRange head = new(map.FirstPage, start - map.FirstPage + 1);
        map.Insert(head.Page, head.PageCount, 0);
        entries.Add(head);
        for (int i = 1; i < live; i++)
        {
            MapRange range = new(start + ((ulong)i * one.Period), 1);
            map.Insert(range.Page, range.PageCount, (ulong)i);
            entries.Add(range);
        }
    }
}
