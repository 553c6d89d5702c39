using System.Runtime.InteropServices;

namespace NativeVm.Tool.Profiling.Maps;

/// <summary>Used ranges in a sorted list, searched from the start: what is written first, and exact.</summary>
internal readonly struct LinearSpace(ulong pageCount) : ISpaceMap
{
    private readonly List<(ulong Start, ulong End)> _used = [];

    public ulong FirstPage => 0;

    public double ByteCount => _used.Capacity * 16.0;

    public bool TryFind(ulong start, ulong length, ulong alignment, out ulong page)
    {
        ulong low = start;
        foreach ((ulong usedStart, ulong usedEnd) in CollectionsMarshal.AsSpan(_used))
        {
            page = AlignUp(low, alignment);
            if (usedStart >= low && page + length <= usedStart)
            {
                return true;
            }

            low = Math.Max(low, usedEnd);
        }

        page = AlignUp(low, alignment);
        return page + length <= pageCount;
    }

    public void Insert(ulong page, ulong length, ulong tag) => _used.Insert(~IndexOf(page), (page, page + length));

    public void Remove(ulong page, ulong length) => _used.RemoveAt(IndexOf(page));

    public bool Contains(ulong page)
    {
        int index = IndexOf(page);
        return index >= 0 || (~index > 0 && _used[~index - 1].End > page);
    }

    public void Dispose() => _used.Clear();

    private static ulong AlignUp(ulong page, ulong alignment) => (page + alignment - 1) / alignment * alignment;

    private int IndexOf(ulong page)
    {
        Span<(ulong Start, ulong End)> used = CollectionsMarshal.AsSpan(_used);
        int low = 0;
        int high = used.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (used[middle].Start < page)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low < used.Length && used[low].Start == page ? low : ~low;
    }
}
