using NativeVm.Index;

namespace NativeVm;

public sealed partial class VmMap
{
    /// <summary>
    /// Proves that entries, gaps, figures and counts agree with each other, in one pass over all of them.
    /// </summary>
    /// <remarks>Shares the lock. O(n); for tests and for the moment when something looks wrong.</remarks>
    /// <exception cref="InvalidOperationException">They do not; the message names the place. The map is corrupt.</exception>
    /// <exception cref="ObjectDisposedException">The map has been disposed of.</exception>
    public void Validate()
    {
        using VmMapLockScope scope = EnterReadLock();
        _index.Validate();
        ulong mapped = 0;
        ulong committed = 0;
        ulong end = _index.FirstPage;
        for (; _index.TryGetAtOrAbove(end, out EntryRecord record); end = record.End)
        {
            bool isCommitted = EntryFlags.IsCommitted(record.Flags);
            Require(record.Start >= end && record.End > record.Start, "entries are in order and not empty", record);
            Require(record.End <= _reservedEndPage, "no entry reaches above what is reserved", record);
            Require(isCommitted || EntryFlags.Protection(record.Flags) == 0, "what has no memory has no protection", record);
            Require(
                (EntryFlags.Protection(record.Flags) & ~EntryFlags.MaxProtection(record.Flags)) == 0,
                "the protection is within the maximum",
                record);
            mapped += EntryFlags.Kind(record.Flags) == VmEntryKind.Foreign ? 0 : record.PageCount;
            committed += isCommitted ? record.PageCount : 0;
        }

        ValidateRetained();
        Require(mapped == _mappedPageCount, $"the mapped pages are {mapped}, and {_mappedPageCount} are counted");
        Require(committed == _committedPageCount, $"the committed pages are {committed}, and {_committedPageCount} are counted");
        Require(_reservedEndPage <= _index.EndPage, "nothing is reserved beyond the map");
    }

    private void ValidateRetained()
    {
        ulong page = _index.FirstPage;
        while (_retained is not null && _retained.TryGetEndingAbove(page, out ulong start, out ulong end))
        {
            Require(end <= _reservedEndPage, "what is retained is reserved");
            for (page = start; page < end && TryGetRecordEndingAbove(page, out EntryRecord record) && record.Start < end; page = record.End)
            {
                bool mayBe = EntryFlags.Kind(record.Flags) == VmEntryKind.Normal && !EntryFlags.IsCommitted(record.Flags);
                Require(mayBe, "nothing is retained of what has memory, or relies on having none", record);
            }

            page = end;
        }
    }

    private static void Require(bool condition, string promise)
    {
        if (!condition)
        {
            throw new InvalidOperationException($"The map is corrupt: it does not hold that {promise}.");
        }
    }

    private void Require(bool condition, string promise, in EntryRecord record)
    {
        if (!condition)
        {
            throw new InvalidOperationException($"The map is corrupt at {ToEntry(record)}: it does not hold that {promise}.");
        }
    }
}
