using NativeVm.Index;
using NativeVm.Platform;

namespace NativeVm;

public sealed partial class VmMap
{
    /// <summary>
    /// Makes an entry at a given place, and commits its pages if the attributes say so (<c>vm_map_insert</c>). An
    /// entry that continues its predecessor with equal attributes extends it instead, and joins its successor too if
    /// that continues in turn.
    /// </summary>
    /// <param name="start">First address, a multiple of the page size.</param>
    /// <param name="byteCount">Bytes, rounded up to whole pages; 0 is <see cref="VmResult.InvalidAddress"/>.</param>
    /// <param name="attributes">What the entry is; normal or a stack.</param>
    /// <returns>
    /// Success; <see cref="VmResult.InvalidAddress"/> for a range that is empty, wraps or reaches outside the map;
    /// <see cref="VmResult.NoSpace"/> when an entry has a page of it, or somebody else's mapping does;
    /// <see cref="VmResult.ResourceShortage"/> when the system refuses.
    /// </returns>
    /// <remarks>
    /// Growth reserves of stacks do not stop it: who inserts has chosen the place. In a growable map a range beyond
    /// <see cref="ReservedEnd"/> extends the reservation.
    /// </remarks>
    /// <exception cref="SynchronizationLockException">This thread does not hold the lock exclusively.</exception>
    /// <exception cref="ArgumentException">The start is unaligned, or the attributes contradict each other.</exception>
    /// <exception cref="ObjectDisposedException">The map has been disposed of.</exception>
    public VmResult Insert(nuint start, nuint byteCount, in VmEntryAttributes attributes)
    {
        RequireWriteLock();
        bool isPlain = attributes.IsAddressesOnly;
        if (!isPlain)
        {
            RequireAttributes(attributes);
            RequireHugePages(start, byteCount, attributes);
        }

        if (!TryGetPages(start, byteCount, out ulong first, out ulong end) || first == end)
        {
            return VmResult.InvalidAddress;
        }

        return isPlain && TryInsertAddresses(first, end, attributes)
            ? VmResult.Success
            : InsertPages(ToRecord(first, end, attributes));
    }

    /// <summary>The short way for addresses without memory, which need nothing of the system.</summary>
    private bool TryInsertAddresses(ulong first, ulong end, in VmEntryAttributes attributes)
    {
        bool isInserted = end <= _reservedEndPage
            && _index.TryReserve(1)
            && _index.TryInsertPlain(first, end, EntryFlags.PackAddresses(attributes), attributes.Tag);
        _mappedPageCount += isInserted ? end - first : 0;
        return isInserted;
    }

    private VmResult InsertPages(in EntryRecord record)
    {
        bool hasBelow = _index.TryGoToAtOrBelow(record.End - 1, out EntryRecord below);
        if (hasBelow && below.End > record.Start)
        {
            return VmResult.NoSpace;
        }

        GrowthMark mark = MarkGrowth();
        VmResult result = record.End > _reservedEndPage ? GrowToCover(record) : VmResult.Success;

        // After the growth, whose foreign entries take records too.
        if (result.IsSuccess && !_index.TryReserve(1))
        {
            result = VmResult.ResourceShortage;
        }

        if (result.IsSuccess && EntryFlags.IsCommitted(record.Flags))
        {
            result = CommitPages(record);
        }

        if (!result.IsSuccess)
        {
            UndoGrowth(mark);
            return result;
        }

        AddRecord(record, hasBelow, below);
        return VmResult.Success;
    }

    private VmResult GrowToCover(in EntryRecord record)
    {
        // A search that can end at one place only: there, or nowhere.
        SpaceQuery query = new(record.Start, record.End, record.PageCount, 1, IncludeStackReserves: true);
        ulong page = record.Start;
        return GrowToFit(query, ref page);
    }

    private void AddRecord(in EntryRecord record, bool hasBelow, in EntryRecord below)
    {
        _longestReserve = Math.Max(_longestReserve, record.Detail.GrowthReserve);
        _mappedPageCount += record.PageCount;
        _committedPageCount += EntryFlags.IsCommitted(record.Flags) ? record.PageCount : 0;
        if (!hasBelow || !record.Continues(below))
        {
            _index.Insert(record);
            return;
        }

        EntryRecord extended = below;
        extended.End = record.End;
        if (_index.TryGetAtOrAbove(record.End, out EntryRecord above) && above.Continues(extended))
        {
            _index.Remove(above.Start);
            extended.End = above.End;
        }

        _index.Replace(below.Start, extended);
    }

    private void RequireAttributes(in VmEntryAttributes attributes)
    {
        const PageProtection All = PageProtection.ReadWrite | PageProtection.Execute;
        if (attributes.Kind > VmEntryKind.Stack || attributes.Inheritance > PageInheritance.None)
        {
            throw new ArgumentException("An entry is inserted as normal memory or as a stack, with an inheritance that is known.", nameof(attributes));
        }

        if (attributes.MaxProtection > All || (attributes.Protection & ~attributes.MaxProtection) != 0)
        {
            throw new ArgumentException("The protection goes beyond the maximum protection.", nameof(attributes));
        }

        if ((attributes.Protection & (PageProtection.Write | PageProtection.Execute)) == (PageProtection.Write | PageProtection.Execute))
        {
            throw new ArgumentException("No page is writable and executable at once.", nameof(attributes));
        }

        if (!attributes.IsCommitted && attributes.Protection != PageProtection.None)
        {
            throw new ArgumentException("Pages that are not committed have no protection but none.", nameof(attributes));
        }

        if ((attributes.GrowthReserve & (PageSize - 1)) != 0
            || (attributes.GrowthReserve != 0 && attributes.Kind != VmEntryKind.Stack))
        {
            throw new ArgumentException("A growth reserve is a stack's, and whole pages.", nameof(attributes));
        }
    }
}
