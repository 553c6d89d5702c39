using NativeVm.Diagnostics;
using NativeVm.Index;
using NativeVm.Index.Tree;
using NativeVm.Reservations;

namespace NativeVm;

/// <content>
/// Submaps (<c>vm_map_submap</c>, <c>kmem_suballoc</c>): an exact range of a map handed to a map of its own, with its
/// own lock and entries, over the same reservation. The parent has one entry for it, and refuses to touch its pages
/// until the submap is disposed of. A submap's lock may be held when the parent's is taken, never the other way round.
/// </content>
public sealed partial class VmMap
{
    private readonly VmMap? _parent;
    private readonly SubmapLease? _lease;

    // Numbers what entries are told apart by, so that two submaps side by side are two entries.
    private uint _lastObjectId;

    private VmMap(VmMap parent, ulong first, ulong end)
    {
        _parent = parent;
        Name = parent.Name;
        _platform = parent._platform;
        _metadataPlatform = parent._metadataPlatform;
        _handle = parent._handle;
        _traits = parent._traits;
        _budget = parent._budget;
        _hasPlaceholders = parent._hasPlaceholders;
        _pageShift = parent._pageShift;
        _lease = new SubmapLease(_handle);
        MinAddress = ToAddress(first);
        MaxAddress = ToAddress(end);
        _reservedEndPage = end;
        _index = new BPlusTreeIndex(_metadataPlatform, first, end);
        _ticket = LiveInstances.Add(this);
    }

    /// <summary>The map that this one has its range from; null unless this is a submap.</summary>
    public VmMap? Parent => _parent;

    /// <summary>Hands a range that has been reserved to a map of its own (<c>vm_map_submap</c>).</summary>
    /// <param name="start">First address, a multiple of the page size.</param>
    /// <param name="byteCount">Bytes, rounded up to whole pages.</param>
    /// <param name="submap">The submap, which spans exactly the range; null unless it succeeds.</param>
    /// <returns>
    /// Success; <see cref="VmResult.InvalidAddress"/> for a range that is empty, wraps or reaches outside the map;
    /// <see cref="VmResult.InvalidArgument"/> unless the range lies in one normal entry without memory;
    /// <see cref="VmResult.ResourceShortage"/> when memory for records runs out.
    /// </returns>
    /// <remarks>
    /// Takes the lock exclusively. When the submap is disposed of, the range is free. The figures of this map leave
    /// out what the submap commits. Disposing of this map first is allowed: the range lives on with the submap.
    /// </remarks>
    /// <exception cref="ArgumentException">The start is unaligned.</exception>
    /// <exception cref="ObjectDisposedException">The map has been disposed of.</exception>
    public VmResult CreateSubmap(nuint start, nuint byteCount, out VmMap? submap)
    {
        submap = null;
        using VmMapLockScope scope = EnterWriteLock();
        if (!TryGetPages(start, byteCount, out ulong first, out ulong end) || first == end)
        {
            return VmResult.InvalidAddress;
        }

        if (!_index.TryGetAtOrBelow(first, out EntryRecord record) || record.End < end
            || EntryFlags.Kind(record.Flags) != VmEntryKind.Normal || EntryFlags.IsCommitted(record.Flags))
        {
            return VmResult.InvalidArgument;
        }

        // The two clips, and the number.
        if (!_index.TryReserve(3))
        {
            return VmResult.ResourceShortage;
        }

        submap = new VmMap(this, first, end);
        ClipAt(first);
        ClipAt(end);
        EntryRecord handed = ToRecord(first, end, new VmEntryAttributes { Kind = VmEntryKind.Submap, Tag = record.Tag });
        handed.Detail.ObjectId = ++_lastObjectId;
        _index.Replace(first, handed);
        return VmResult.Success;
    }

    /// <summary>Finds space and hands it to a map of its own (<c>kmem_suballoc</c>).</summary>
    /// <param name="byteCount">Bytes that the submap spans, rounded up to whole pages; not 0.</param>
    /// <param name="alignment">Any number of bytes from 1 up.</param>
    /// <param name="submap">The submap; null unless it succeeds.</param>
    /// <returns>
    /// Success; <see cref="VmResult.NoSpace"/>; <see cref="VmResult.ResourceShortage"/> when the system refuses.
    /// </returns>
    /// <remarks>Takes the lock exclusively; otherwise as <see cref="CreateSubmap"/>.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The length or the alignment is 0.</exception>
    /// <exception cref="ObjectDisposedException">The map has been disposed of.</exception>
    public VmResult FindSubmap(nuint byteCount, nuint alignment, out VmMap? submap)
    {
        submap = null;
        using VmMapLockScope scope = EnterWriteLock();
        GrowthMark mark = MarkGrowth();

        // Joined with no neighbour, because no other entry has this kind of number yet.
        VmEntryAttributes reserved = VmEntryAttributes.Reserved with { ObjectId = uint.MaxValue };
        VmResult result = Find(MinAddress, byteCount, alignment, reserved, out nuint address);
        if (!result.IsSuccess)
        {
            return result;
        }

        result = CreateSubmap(address, byteCount, out submap);
        if (!result.IsSuccess)
        {
            Delete(address, byteCount).ThrowIfFailed();
            UndoGrowth(mark);
        }

        return result;
    }

    /// <summary>Empties the submap and tells the parent that the range is free.</summary>
    private void GiveBackToParent()
    {
        bool isEmpty = DeletePages(_index.FirstPage, _index.EndPage).IsSuccess;
        if (isEmpty)
        {
            Relax();
            _parent!.TakeBack(_index.FirstPage);
        }

        _lease!.Dispose();
    }

    private void TakeBack(ulong first)
    {
        _lock.EnterExclusive();
        try
        {
            if (!_isDisposed && _index.TryGetAtOrBelow(first, out EntryRecord record) && record.Start == first)
            {
                _mappedPageCount -= record.PageCount;
                _index.Remove(first);
            }
        }
        finally
        {
            _lock.ExitExclusive();
        }
    }
}
