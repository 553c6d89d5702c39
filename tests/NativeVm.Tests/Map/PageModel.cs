using NativeVm.Platform;

namespace NativeVm.Tests.Map;

/// <summary>
/// The map as a picture of its pages, one cell each, and every answer by looking at all of them: too slow to use and
/// too simple to be wrong.
/// </summary>
internal sealed class PageModel(nuint minAddress, nuint pageSize, int pageCount)
{
    private readonly Cell[] _cells = new Cell[pageCount];
    private readonly int[] _freeRun = new int[pageCount + 1];

    public int PageCount => pageCount;

    public int CommittedPageCount => _cells.Count(cell => cell.IsCommitted);

    public nuint AddressOf(int page) => minAddress + ((nuint)page * pageSize);

    public void PlaceForeign(int page, int count) =>
        Array.Fill(_cells, new Cell { Kind = VmEntryKind.Foreign, IsUsed = true }, page, count);

    public bool IsFree(int page, int count) => !_cells.AsSpan(page, count).ContainsAnyExcept(default(Cell));

    public void Insert(int page, int count, in VmEntryAttributes attributes)
    {
        Cell cell = new()
        {
            IsUsed = true,
            Kind = attributes.Kind,
            Tag = attributes.Tag,
            IsCommitted = attributes.IsCommitted,
            Protection = attributes.Protection,
        };
        Array.Fill(_cells, cell, page, count);
        _cells[page].GrowthReserve = (int)(attributes.GrowthReserve / pageSize);
    }

    public void Delete(int page, int count)
    {
        for (int p = page; p < page + count; p++)
        {
            if (_cells[p].Kind != VmEntryKind.Foreign)
            {
                _cells[p] = default;
            }
        }
    }

    public bool Commit(int page, int count, PageProtection protection)
    {
        if (Enumerable.Range(page, count).Any(p => !_cells[p].IsUsed || _cells[p].Kind == VmEntryKind.Foreign))
        {
            return false;
        }

        for (int p = page; p < page + count; p++)
        {
            if (!_cells[p].IsCommitted)
            {
                _cells[p].IsCommitted = true;
                _cells[p].Protection = protection;
            }
        }

        return true;
    }

    public void Decommit(int page, int count)
    {
        for (int p = page; p < page + count; p++)
        {
            _cells[p].IsCommitted = false;
            _cells[p].Protection = PageProtection.None;
        }
    }

    public bool Protect(int page, int count, PageProtection protection)
    {
        bool isForbidden = Enumerable.Range(page, count).Any(p =>
            _cells[p].IsUsed && _cells[p].Kind != VmEntryKind.Foreign && !_cells[p].IsCommitted);
        for (int p = page; p < page + count && !isForbidden; p++)
        {
            _cells[p].Protection = _cells[p].IsCommitted ? protection : _cells[p].Protection;
        }

        return !isForbidden;
    }

    /// <summary>The contract's section "Find space", read aloud, in numbers too wide to wrap.</summary>
    public bool TryFindSpace(nuint start, nuint length, nuint alignment, FindSpaceFlags flags, out nuint address)
    {
        MeasureFreeRuns(includeReserves: flags.HasFlag(FindSpaceFlags.Stack));
        UInt128 need = ((UInt128)length + pageSize - 1) / pageSize;
        for (int page = 0; page < pageCount; page++)
        {
            nuint candidate = AddressOf(page);
            if (candidate >= start && candidate % alignment == 0 && (UInt128)_freeRun[page] >= need)
            {
                address = candidate;
                return true;
            }
        }

        address = 0;
        return false;
    }

    /// <summary>What differs between the model and the map's entries; null when nothing does.</summary>
    public string? Differs(VmMap map)
    {
        int page = 0;
        foreach (VmEntry entry in map.GetEntries())
        {
            int first = (int)((entry.Start - minAddress) / pageSize);
            for (; page < first; page++)
            {
                if (_cells[page].IsUsed && _cells[page].Kind != VmEntryKind.Foreign)
                {
                    return $"page {page} is used, and no entry has it";
                }
            }

            for (; page < first + (int)(entry.ByteCount / pageSize); page++)
            {
                Cell cell = _cells[page];
                VmEntryAttributes a = entry.Attributes;
                nuint reserve = (nuint)cell.GrowthReserve * pageSize;
                if (!cell.IsUsed || cell.Kind != a.Kind || cell.Tag != a.Tag || cell.IsCommitted != a.IsCommitted
                    || cell.Protection != a.Protection || (page == first && a.GrowthReserve != reserve))
                {
                    return $"page {page} is {cell}, and the entry is {entry}";
                }
            }
        }

        return Enumerable.Range(page, pageCount - page).Any(p => _cells[p].IsUsed && _cells[p].Kind != VmEntryKind.Foreign)
            ? $"pages above {page} are used, and no entry has them"
            : null;
    }

    private void MeasureFreeRuns(bool includeReserves)
    {
        int reserveLeft = 0;
        for (int page = pageCount - 1; page >= 0; page--)
        {
            ref Cell cell = ref _cells[page];
            bool isKept = !cell.IsUsed && reserveLeft > 0 && !includeReserves;
            reserveLeft = cell.IsUsed ? cell.GrowthReserve : Math.Max(0, reserveLeft - 1);
            _freeRun[page] = cell.IsUsed || isKept ? 0 : _freeRun[page + 1] + 1;
        }
    }

    private record struct Cell
    {
        public bool IsUsed;
        public VmEntryKind Kind;
        public ulong Tag;
        public bool IsCommitted;
        public PageProtection Protection;
        public int GrowthReserve;
    }
}
