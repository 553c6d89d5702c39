namespace NativeVm.Tool.Profiling.Maps;

/// <summary>
/// Regions in one set ordered by address and the free ones in another ordered by size, the way many runtimes keep
/// code space: best fit, the length padded by the alignment.
/// </summary>
internal readonly struct SortedSetSpace : ISpaceMap
{
    // A node of a SortedSet: the object's header, a region, two children and a colour.
    private const int NodeByteCount = 16 + 24 + 16 + 8;

    private readonly SortedSet<Region> _byAddress = new(ByAddress.Instance);
    private readonly SortedSet<Region> _freeBySize = new(BySize.Instance);
    public SortedSetSpace(ulong pageCount)
    {
        Add(new Region(0, pageCount, IsUsed: false));
    }

    public ulong FirstPage => 0;

    public double ByteCount => (double)NodeByteCount * (_byAddress.Count + _freeBySize.Count);

    public bool TryFind(ulong start, ulong pageCount, ulong alignment, out ulong page)
    {
        Region least = new(start, start + pageCount + alignment - 1, IsUsed: false);
        foreach (Region region in _freeBySize.GetViewBetween(least, Region.Largest))
        {
            if (region.Start >= start)
            {
                ulong past = region.Start % alignment;
                page = past == 0 ? region.Start : region.Start + alignment - past;
                return true;
            }
        }

        page = 0;
        return false;
    }

    public void Insert(ulong page, ulong pageCount, ulong tag)
    {
        Region free = AtOrBelow(page);
        Drop(free);
        if (free.Start < page)
        {
            Add(new Region(free.Start, page, IsUsed: false));
        }

        Add(new Region(page, page + pageCount, IsUsed: true));
        if (page + pageCount < free.End)
        {
            Add(new Region(page + pageCount, free.End, IsUsed: false));
        }
    }

    public void Remove(ulong page, ulong pageCount)
    {
        Region used = AtOrBelow(page);
        Drop(used);
        Region merged = used with { IsUsed = false };
        if (page > 0 && AtOrBelow(page - 1) is { IsUsed: false, Start: var start } below && below.End == page)
        {
            Drop(below);
            merged = merged with { Start = start };
        }

        if (_byAddress.TryGetValue(new Region(used.End, used.End, false), out Region above) && !above.IsUsed)
        {
            Drop(above);
            merged = merged with { End = above.End };
        }

        Add(merged);
    }

    public bool Contains(ulong page) => AtOrBelow(page).IsUsed;

    public void Dispose()
    {
        _byAddress.Clear();
        _freeBySize.Clear();
    }

    private Region AtOrBelow(ulong page) => _byAddress.GetViewBetween(default, new Region(page, page, false)).Max;

    private void Add(Region region)
    {
        _byAddress.Add(region);
        if (!region.IsUsed)
        {
            _freeBySize.Add(region);
        }
    }

    private void Drop(Region region)
    {
        _byAddress.Remove(region);
        if (!region.IsUsed)
        {
            _freeBySize.Remove(region);
        }
    }

    private readonly record struct Region(ulong Start, ulong End, bool IsUsed)
    {
        public static Region Largest => new(0, ulong.MaxValue, false);
    }

    private sealed class ByAddress : IComparer<Region>
    {
        public static ByAddress Instance { get; } = new();

        public int Compare(Region x, Region y) => x.Start.CompareTo(y.Start);
    }

    private sealed class BySize : IComparer<Region>
    {
        public static BySize Instance { get; } = new();

        public int Compare(Region x, Region y)
        {
            int bySize = (x.End - x.Start).CompareTo(y.End - y.Start);
            return bySize != 0 ? bySize : x.Start.CompareTo(y.Start);
        }
    }
}
