using NativeVm.Index;
using NativeVm.Index.Tree;
using NativeVm.Platform;

namespace NativeVm.Mappings;

/// <summary>
/// Pages of a map that no entry has memory behind, and the system has: readable, writable, empty and not resident.
/// They are kept that way where giving them back would cost mappings that the process is short of.
/// </summary>
/// <remarks>Ranges are disjoint and do not touch. Not thread-safe: the map's lock is the caller's business.</remarks>
internal sealed class RetainedPages(VmPlatform metadataPlatform, ulong firstPage, ulong endPage) : IDisposable
{
    private readonly BPlusTreeIndex _ranges = new BPlusTreeIndex(metadataPlatform, firstPage, endPage);

    /// <summary>How many pages there are.</summary>
    public ulong PageCount { get; private set; }

    /// <summary>Makes sure that so many changes to come need no memory.</summary>
    public bool TryReserve(nuint changeCount) => _ranges.TryReserve(changeCount);

    /// <summary>The lowest range that has pages at or above a page.</summary>
    public bool TryGetEndingAbove(ulong page, out ulong start, out ulong end)
    {
        bool isFound = (_ranges.TryGetAtOrBelow(page, out EntryRecord range) && range.End > page)
            || _ranges.TryGetAtOrAbove(page, out range);
        start = range.Start;
        end = range.End;
        return isFound;
    }

    /// <summary>Whether a page is one of them.</summary>
    public bool Contains(ulong page) => TryGetEndingAbove(page, out ulong start, out _) && start <= page;

    /// <summary>Adds the pages of a range, some of which may be there. Takes one of the changes that were reserved.</summary>
    public void Add(ulong start, ulong end)
    {
        ulong from = start;
        ulong to = end;
        while (TryGetEndingAbove(start == 0 ? 0 : start - 1, out ulong otherStart, out ulong otherEnd) && otherStart <= end)
        {
            from = Math.Min(from, otherStart);
            to = Math.Max(to, otherEnd);
            Take(otherStart, otherEnd);
        }

        Put(from, to);
    }

    /// <summary>Takes out the pages of a range. Takes one of the changes that were reserved.</summary>
    public void Remove(ulong start, ulong end)
    {
        while (TryGetEndingAbove(start, out ulong otherStart, out ulong otherEnd) && otherStart < end)
        {
            Take(otherStart, otherEnd);
            if (otherStart < start)
            {
                Put(otherStart, start);
            }

            if (otherEnd > end)
            {
                Put(end, otherEnd);
            }
        }
    }

    public void Dispose() => _ranges.Dispose();

    private void Put(ulong start, ulong end)
    {
        _ranges.Insert(new EntryRecord { Start = start, End = end });
        PageCount += end - start;
    }

    private void Take(ulong start, ulong end)
    {
        _ranges.Remove(start);
        PageCount -= end - start;
    }
}
