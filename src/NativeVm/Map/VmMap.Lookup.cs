using NativeVm.Index;

namespace NativeVm;

public sealed partial class VmMap
{
    /// <summary>Finds the entry that has an address, or else the one before it (<c>vm_map_lookup_entry</c>).</summary>
    /// <param name="address">Any address; it need not be page-aligned or in the map.</param>
    /// <param name="entry">
    /// The entry that contains the address; or, if the result is <see langword="false"/>, its predecessor; or the
    /// default value, whose length is 0, if there is none.
    /// </param>
    /// <returns>Whether <paramref name="entry"/> contains the address.</returns>
    /// <exception cref="SynchronizationLockException">Nobody holds the lock.</exception>
    /// <exception cref="ObjectDisposedException">The map has been disposed of.</exception>
    public bool TryLookup(nuint address, out VmEntry entry)
    {
        RequireLock();
        ulong page = address >> _pageShift;
        if (!_index.TryGetAtOrBelow(page, out EntryRecord record))
        {
            entry = default;
            return false;
        }

        entry = ToEntry(record);
        return page < record.End;
    }

    /// <summary>The entries in the order of their addresses, from one on.</summary>
    /// <param name="start">
    /// Entries that end at or below this address are left out. Default: all entries.
    /// </param>
    /// <returns>Something to iterate over, which allocates nothing.</returns>
    /// <remarks>
    /// The caller holds the lock, shared at least, as long as it iterates. The thread that holds it exclusively may
    /// change the map meanwhile; the iteration goes on with the first entry above the one it returned last.
    /// </remarks>
    /// <exception cref="SynchronizationLockException">Nobody holds the lock.</exception>
    /// <exception cref="ObjectDisposedException">The map has been disposed of.</exception>
    public VmEntryEnumerable GetEntries(nuint start = 0)
    {
        RequireLock();
        return new VmEntryEnumerable(this, start);
    }

    internal bool TryGetEntryEndingAbove(nuint address, out VmEntry entry)
    {
        RequireLock();
        bool isFound = TryGetRecordEndingAbove(address >> _pageShift, out EntryRecord record);
        entry = isFound ? ToEntry(record) : default;
        return isFound;
    }

    /// <summary>The lowest entry that has pages at or above <paramref name="page"/>.</summary>
    private bool TryGetRecordEndingAbove(ulong page, out EntryRecord record) =>
        (_index.TryGetAtOrBelow(page, out record) && record.End > page) || _index.TryGetAtOrAbove(page, out record);

    internal VmEntry[] SnapshotForDebugger(int most)
    {
        List<VmEntry> entries = [];
        ulong page = _index.FirstPage;
        while (!_isDisposed && entries.Count < most && _index.TryGetAtOrAbove(page, out EntryRecord record))
        {
            entries.Add(ToEntry(record));
            page = record.End;
        }

        return [.. entries];
    }
}
