using NativeVm.Platform;
using NativeVm.Testing;

namespace NativeVm.Tests.Map;

/// <summary>
/// A map with memory and objects as a picture of its pages, and what each operation answers by looking at all of them.
/// </summary>
/// <param name="map">The map that is compared.</param>
/// <param name="system">The system under it.</param>
/// <param name="clipsObjects">Whether part of a mapping can go.</param>
internal sealed class ViewModel(VmMap map, SimulatedPlatform system, bool clipsObjects)
{
    public const int PageCount = 96;
    private const nuint Page = 4096;

    private readonly Cell[] _cells = new Cell[PageCount];
    private int _lastView;

    private enum Content : byte
    {
        Free,
        Reserved,
        Memory,
        View,
    }

    public static nuint AddressOf(VmMap map, int page) => map.MinAddress + ((nuint)page * Page);

    public VmResult Insert(int page, int count, bool isCommitted)
    {
        if (Range(page, count).ContainsAnyExcept(default(Cell)))
        {
            return VmResult.NoSpace;
        }

        Range(page, count).Fill(isCommitted
            ? new Cell { Content = Content.Memory, Protection = PageProtection.ReadWrite }
            : new Cell { Content = Content.Reserved });
        return VmResult.Success;
    }

    public VmResult MapObject(int page, int count, int objectPage, PageProtection protection, bool replace)
    {
        if (!replace && Range(page, count).ContainsAnyExcept(default(Cell)))
        {
            return VmResult.NoSpace;
        }

        if (CutsView(page) || CutsView(page + count) || HasWired(page, count))
        {
            return VmResult.InvalidArgument;
        }

        _lastView++;
        for (int i = 0; i < count; i++)
        {
            _cells[page + i] = new Cell
            {
                Content = Content.View,
                View = _lastView,
                ObjectPage = objectPage + i,
                Protection = protection,
            };
        }

        return VmResult.Success;
    }

    public VmResult Remove(int page, int count)
    {
        if (CutsView(page) || CutsView(page + count))
        {
            return VmResult.InvalidArgument;
        }

        Range(page, count).Clear();
        return VmResult.Success;
    }

    public VmResult Protect(int page, int count, PageProtection protection)
    {
        foreach (Cell cell in Range(page, count))
        {
            if (cell.Content == Content.Reserved && protection != PageProtection.None)
            {
                return VmResult.InvalidArgument;
            }
        }

        foreach (ref Cell cell in Range(page, count))
        {
            cell.Protection = cell.Content >= Content.Memory ? protection : cell.Protection;
        }

        return VmResult.Success;
    }

    public VmResult Commit(int page, int count)
    {
        foreach (Cell cell in Range(page, count))
        {
            if (cell.Content == Content.Free)
            {
                return VmResult.InvalidAddress;
            }
        }

        foreach (ref Cell cell in Range(page, count))
        {
            cell = cell.Content == Content.Reserved
                ? new Cell { Content = Content.Memory, Protection = PageProtection.ReadWrite }
                : cell;
        }

        return VmResult.Success;
    }

    public VmResult Decommit(int page, int count)
    {
        if (Discard(page, count) is { IsSuccess: false } refused)
        {
            return refused;
        }

        foreach (ref Cell cell in Range(page, count))
        {
            cell = cell.Content == Content.Memory ? new Cell { Content = Content.Reserved } : cell;
        }

        return VmResult.Success;
    }

    public VmResult Discard(int page, int count)
    {
        foreach (Cell cell in Range(page, count))
        {
            if (cell.Content == Content.View || cell.WiredCount != 0)
            {
                return VmResult.InvalidArgument;
            }
        }

        return VmResult.Success;
    }

    public VmResult Wire(int page, int count)
    {
        bool isRefused = false;
        foreach (Cell cell in Range(page, count))
        {
            if (cell.Content < Content.Memory)
            {
                return cell.Content == Content.Free ? VmResult.InvalidAddress : VmResult.InvalidArgument;
            }

            isRefused |= cell.Protection == PageProtection.None && cell.WiredCount == 0;
        }

        foreach (ref Cell cell in Range(page, isRefused ? 0 : count))
        {
            cell.WiredCount++;
        }

        return isRefused ? VmResult.ResourceShortage : VmResult.Success;
    }

    public VmResult Unwire(int page, int count)
    {
        foreach (Cell cell in Range(page, count))
        {
            if (cell.WiredCount == 0)
            {
                return cell.Content == Content.Free ? VmResult.InvalidAddress : VmResult.InvalidArgument;
            }
        }

        foreach (ref Cell cell in Range(page, count))
        {
            cell.WiredCount--;
        }

        return VmResult.Success;
    }

    public VmResult Synchronize(int page, int count)
    {
        foreach (Cell cell in Range(page, count))
        {
            if (cell.Content == Content.Free)
            {
                return VmResult.InvalidAddress;
            }
        }

        return VmResult.Success;
    }

    /// <summary>What differs between the model and the entries, or the system; null when nothing does.</summary>
    public string? Differs()
    {
        map.Validate();
        Dictionary<int, uint> numbers = [];
        VmEntry?[] entries = new VmEntry?[PageCount];
        using (map.EnterReadLock())
        {
            foreach (VmEntry entry in map.GetEntries())
            {
                Array.Fill(entries, entry, PageOf(entry.Start), (int)(entry.ByteCount / Page));
            }
        }

        SimulatedRange?[] ranges = new SimulatedRange?[PageCount];
        foreach (SimulatedRange range in system.Snapshot())
        {
            if (range.Address >= map.MinAddress && range.End <= AddressOf(map, PageCount))
            {
                Array.Fill(ranges, range, PageOf(range.Address), (int)(range.ByteCount / Page));
            }
        }

        for (int page = 0; page < PageCount; page++)
        {
            Cell cell = _cells[page];
            if (!Agrees(cell, page, entries[page], numbers) || !Agrees(cell, page, ranges[page]))
            {
                return $"page {page} is {cell}; the entry: {entries[page]}; the system: {ranges[page]}";
            }
        }

        return numbers.Values.Distinct().Count() == numbers.Count ? null : "two mappings have one number";
    }

    private static bool Agrees(in Cell cell, int page, VmEntry? found, Dictionary<int, uint> numbers)
    {
        if (found is not { } entry)
        {
            return cell.Content == Content.Free;
        }

        VmEntryAttributes a = entry.Attributes;
        if (cell.Content == Content.View && !numbers.TryAdd(cell.View, a.ObjectId) && numbers[cell.View] != a.ObjectId)
        {
            return false;
        }

        return cell.Content != Content.Free
            && a.IsCommitted == (cell.Content >= Content.Memory)
            && (a.ObjectId != 0) == (cell.Content == Content.View)
            && a.Protection == cell.Protection
            && a.WiredCount == cell.WiredCount;
    }

    private bool Agrees(in Cell cell, int page, SimulatedRange? found)
    {
        bool isCommitted = cell.Content >= Content.Memory;
        bool isView = cell.Content == Content.View;
        return found is { } range
            && range.State == (isCommitted ? PageState.Committed : PageState.Reserved)
            && range.Protection == cell.Protection
            && range.IsLocked == (cell.WiredCount != 0)
            && (range.ObjectId != 0) == isView
            && (!isView || range.ObjectOffset + (AddressOf(map, page) - range.Address) == (ulong)cell.ObjectPage * Page);
    }

    private int PageOf(nuint address) => (int)((address - map.MinAddress) / Page);

    private Span<Cell> Range(int page, int count) => _cells.AsSpan(page, count);

    private bool HasWired(int page, int count)
    {
        foreach (Cell cell in Range(page, count))
        {
            if (cell.WiredCount != 0)
            {
                return true;
            }
        }

        return false;
    }

    private bool CutsView(int page) => !clipsObjects
        && page is > 0 and < PageCount
        && _cells[page].View != 0
        && _cells[page].View == _cells[page - 1].View;

    private record struct Cell
    {
        public Content Content;
        public int View;
        public int ObjectPage;
        public PageProtection Protection;
        public uint WiredCount;
    }
}
