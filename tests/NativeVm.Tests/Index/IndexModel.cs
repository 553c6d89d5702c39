using NativeVm.Index;

namespace NativeVm.Tests.Index;

/// <summary>The index as a sorted list, searched from its start to its end.</summary>
internal sealed class IndexModel(ulong firstPage, ulong endPage)
{
    private readonly List<EntryRecord> _entries = [];

    public ulong FirstPage => firstPage;

    public ulong EndPage => endPage;

    public int Count => _entries.Count;

    public IReadOnlyList<EntryRecord> Entries => _entries;

    public ulong LargestGap
    {
        get
        {
            ulong largest = 0;
            for (int i = 0; i <= Count; i++)
            {
                largest = Math.Max(largest, GapEnd(i) - GapStart(i));
            }

            return largest;
        }
    }

    public ulong GapStart(int gap) => gap == 0 ? firstPage : _entries[gap - 1].End;

    public ulong GapEnd(int gap) => gap == Count ? endPage : _entries[gap].Start;

    /// <summary>The end of what a gap has to give: its reserve is left out unless it is asked for.</summary>
    public ulong FreeEnd(int gap, bool includeReserves)
    {
        ulong start = GapStart(gap);
        ulong end = GapEnd(gap);
        ulong reserve = includeReserves || gap == Count ? 0 : _entries[gap].Detail.GrowthReserve;
        return end - start > reserve ? end - reserve : start;
    }

    /// <summary>The number of entries that start below a page.</summary>
    public int IndexOf(ulong page)
    {
        int low = 0;
        int high = Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_entries[middle].Start < page)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    public void Insert(in EntryRecord entry) => _entries.Insert(IndexOf(entry.Start), entry);

    public void Append(in EntryRecord entry) => _entries.Add(entry);

    public void Replace(int index, in EntryRecord entry) => _entries[index] = entry;

    public void RemoveAt(int index) => _entries.RemoveAt(index);

    public void RemoveRange(int from, int to) => _entries.RemoveRange(from, to - from);

    public void Clear() => _entries.Clear();

    public bool TryFindSpace(in SpaceQuery query, out ulong page)
    {
        page = 0;
        for (int gap = 0; gap <= Count; gap++)
        {
            UInt128 start = Math.Max(GapStart(gap), query.Start);
            UInt128 end = Math.Min(FreeEnd(gap, query.IncludeStackReserves), query.Limit);
            UInt128 aligned = (start + query.Alignment - 1) / query.Alignment * query.Alignment;
            if (aligned + query.PageCount <= end)
            {
                page = (ulong)aligned;
                return true;
            }
        }

        return false;
    }
}
