namespace NativeVm.Index;

/// <summary>
/// The entries of one map in the order of their addresses, and the gaps between them: the part of a map that
/// decides how fast it is, and the only part that knows how entries are stored.
/// </summary>
/// <remarks>
/// <para>
/// The index covers the pages [<see cref="FirstPage"/>, <see cref="EndPage"/>), fixed when it is made. A gap is a
/// maximal run of pages of it that no entry has. The growth reserve of a stack is the upper part of the gap below
/// its entry, cut off at that gap's lower end. Free space is a gap, less its reserve unless the query includes it.
/// </para>
/// <para>
/// Every search is exact: the result equals that of a linear scan over the gaps. No member allocates on the
/// managed heap. No member is thread-safe: the map's lock is the caller's business. Lookups and properties may run
/// side by side; a search may not, since it leaves the way that it took for the insert that follows.
/// </para>
/// <para>
/// Memory for metadata is taken in <see cref="TryReserve"/> only, so that an operation on the map can make sure of
/// it before it changes anything. What is passed in is right (ranges inside the index, no overlaps, starts that
/// exist): the map has seen to it, and an index checks it in Debug builds only.
/// </para>
/// </remarks>
internal interface IEntryIndex : IDisposable
{
    /// <summary>The first page that the index covers.</summary>
    ulong FirstPage { get; }

    /// <summary>The first page after those that the index covers.</summary>
    ulong EndPage { get; }

    /// <summary>The number of entries.</summary>
    nuint Count { get; }

    /// <summary>Pages in the largest gap, growth reserves included; 0 when there is none.</summary>
    ulong LargestGap { get; }

    /// <summary>Bytes of native memory that the index has committed.</summary>
    nuint MetadataByteCount { get; }

    /// <summary>The page that satisfies the query and is what its policy asks for; the lowest, unless it says otherwise.</summary>
    bool TryFindSpace(in SpaceQuery query, out ulong page);

    /// <summary>The entry with the highest start at or below a page, which may contain it or lie below it.</summary>
    bool TryGetAtOrBelow(ulong page, out EntryRecord entry);

    /// <summary>
    /// As <see cref="TryGetAtOrBelow"/>, for a caller that excludes all others and is about to change something near
    /// the page: an index may remember the way.
    /// </summary>
    bool TryGoToAtOrBelow(ulong page, out EntryRecord entry);

    /// <summary>The entry with the lowest start at or above a page.</summary>
    bool TryGetAtOrAbove(ulong page, out EntryRecord entry);

    /// <summary>
    /// Makes sure that so many entries can be added, by <see cref="Insert"/>, or be given details that they have
    /// not, by <see cref="Replace"/>, without taking memory. <see langword="false"/> when the memory cannot be had;
    /// nothing has changed then.
    /// </summary>
    bool TryReserve(nuint entryCount);

    /// <summary>Adds an entry that overlaps none. Room has been made by <see cref="TryReserve"/>.</summary>
    void Insert(in EntryRecord entry);

    /// <summary>
    /// Replaces the entry that starts at <paramref name="start"/>. Its range may change in any way that leaves
    /// it where it is in the order and overlaps no other entry. Details that it did not have need room, as an
    /// entry does, from <see cref="TryReserve"/>.
    /// </summary>
    void Replace(ulong start, in EntryRecord entry);

    /// <summary>
    /// Cuts the entry that starts at <paramref name="start"/> in three, at <paramref name="from"/> and
    /// <paramref name="to"/> inside it, and gives the middle part other flags. It has no details; room for two entries
    /// has been made.
    /// </summary>
    void Cut(ulong start, ulong from, ulong to, uint flags) => EntryCut.ByParts(this, start, from, to, flags);

    /// <summary>Takes out the entry that starts at <paramref name="start"/>.</summary>
    void Remove(ulong start);

    /// <summary>Takes out every entry that lies in [<paramref name="start"/>, <paramref name="end"/>); none lies there in part.</summary>
    void RemoveRange(ulong start, ulong end);

    /// <summary>Proves all that the index keeps true, in one pass.</summary>
    /// <exception cref="InvalidOperationException">It does not hold; the message names the place.</exception>
    void Validate();
}
