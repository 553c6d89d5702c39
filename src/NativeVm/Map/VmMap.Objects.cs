using System.Numerics;
using NativeVm.Index;
using NativeVm.Platform;

namespace NativeVm;

/// <content>
/// Entries with an object behind them: a file, or shared memory without a name (<c>vm_map_insert</c> with a
/// <c>vm_object</c>). The mapping takes the place of reserved addresses, or of what was there, in one step.
/// </content>
public sealed partial class VmMap
{
    /// <summary>Finds space and maps part of an object there.</summary>
    /// <param name="byteCount">Bytes, rounded up to whole pages; not 0.</param>
    /// <param name="alignment">Any number of bytes from 1 up.</param>
    /// <param name="source">The object; it may be disposed of afterwards.</param>
    /// <param name="offset">Where in the object the range begins, a multiple of the platform's allocation granularity.</param>
    /// <param name="protection">What may be done to the pages.</param>
    /// <param name="sharing">Where writes go.</param>
    /// <param name="tag">A number of the user's own.</param>
    /// <param name="address">Where it is; 0 unless it succeeds.</param>
    /// <returns>As <see cref="MapObjectFixed"/>.</returns>
    /// <remarks>Takes the lock exclusively.</remarks>
    /// <exception cref="ArgumentException">As <see cref="VmPlatform.MapObject"/>, or the length or alignment is 0.</exception>
    /// <exception cref="ObjectDisposedException">The map or the object has been disposed of.</exception>
    public VmResult MapObject(
        nuint byteCount,
        nuint alignment,
        MemoryObjectHandle source,
        ulong offset,
        PageProtection protection,
        MappingSharing sharing,
        ulong tag,
        out nuint address)
    {
        RequireProtection(protection);
        address = 0;
        using VmMapLockScope scope = EnterWriteLock();
        GrowthMark mark = MarkGrowth();
        VmResult result = FindObjectSpace(MinAddress, byteCount, alignment, out nuint found);
        result = result.IsSuccess
            ? MapObjectFixed(found, byteCount, source, offset, protection, sharing, tag)
            : result;
        if (!result.IsSuccess)
        {
            UndoGrowth(mark);
            return result;
        }

        address = found;
        return result;
    }

    /// <summary>
    /// Maps part of an object at a given place, which is free, or whose entries it replaces, in one step where the system
    /// can (<see cref="ReplacesAtomically"/>).
    /// </summary>
    /// <param name="start">First address, a multiple of the platform's allocation granularity.</param>
    /// <param name="byteCount">Bytes, rounded up to whole pages; 0 is <see cref="VmResult.InvalidAddress"/>.</param>
    /// <param name="source">The object; it may be disposed of afterwards.</param>
    /// <param name="offset">Where in the object the range begins, a multiple of the granularity.</param>
    /// <param name="protection">What may be done to the pages.</param>
    /// <param name="sharing">Where writes go. A shared mapping of an object opened for reading can never be written.</param>
    /// <param name="tag">A number of the user's own.</param>
    /// <param name="replace">Whether entries in the range give way, contents and all.</param>
    /// <returns>
    /// Success; <see cref="VmResult.InvalidAddress"/> for a range that is empty, wraps or reaches outside the map;
    /// <see cref="VmResult.NoSpace"/> when an entry has a page of it and is not to be replaced, or somebody else's
    /// mapping does; <see cref="VmResult.InvalidArgument"/> when an entry to be replaced is wired, or is neither
    /// normal memory nor an object, or when an end of the range lies inside a mapping of an object that goes only whole
    /// (<see cref="ClipsObjects"/>); <see cref="VmResult.ProtectionFailure"/> for a shared mapping that could write an
    /// object opened for reading; <see cref="VmResult.ResourceShortage"/> when the system refuses, also because it
    /// cannot do this at all (<see cref="RefusalReason.NotSupported"/>; <see cref="SupportsObjects"/> tells
    /// beforehand), or because the object is too short.
    /// </returns>
    /// <remarks>
    /// <para>
    /// Takes the lock exclusively. The object's length is looked at here, and never again: a file that somebody
    /// shrinks later ends the process that touches what is gone (<c>SIGBUS</c>).
    /// </para>
    /// <para>
    /// Where <see cref="ReplacesAtomically"/> is false, pages that are replaced fault from the moment when they are given
    /// back until the object is there, and a refusal is heard beforehand by mapping the object elsewhere for a moment,
    /// which takes address space, and may take commit charge, for both at once. Should the system refuse even so once
    /// they are gone, and again when asked again, the range is free: the one failure that leaves something changed.
    /// </para>
    /// </remarks>
    /// <exception cref="ArgumentException">As <see cref="VmPlatform.MapObject"/>.</exception>
    /// <exception cref="ObjectDisposedException">The map or the object has been disposed of.</exception>
    public VmResult MapObjectFixed(
        nuint start,
        nuint byteCount,
        MemoryObjectHandle source,
        ulong offset,
        PageProtection protection,
        MappingSharing sharing,
        ulong tag = 0,
        bool replace = false)
    {
        ArgumentNullException.ThrowIfNull(source);
        RequireProtection(protection);
        using VmMapLockScope scope = EnterWriteLock();
        if (!TryGetPages(start, byteCount, out ulong first, out ulong end) || first == end)
        {
            return VmResult.InvalidAddress;
        }

        if (!SupportsObjects)
        {
            return VmResult.Refused(NoObjects(start, byteCount));
        }

        PageProtection maximum = PageProtection.ReadWrite | PageProtection.Execute;
        if (sharing == MappingSharing.Shared && source.Access == MemoryObjectAccess.Read)
        {
            maximum &= ~PageProtection.Write;
        }

        VmResult result = (protection & ~maximum) == 0
            ? CheckReplaced(first, end, replace)
            : VmResult.ProtectionFailure;
        if (!result.IsSuccess)
        {
            return result;
        }

        EntryRecord record = ToRecord(first, end, new VmEntryAttributes
        {
            Protection = protection,
            MaxProtection = maximum,
            IsCommitted = true,
            Sharing = sharing,
            Tag = tag,
            ObjectOffset = offset,
        });
        return MapRecord(record, source, offset);
    }

    /// <summary>
    /// Writes what has been changed of a range's files back and waits for it (<c>vm_map_clean</c>, <c>msync</c>).
    /// </summary>
    /// <param name="start">First address, a multiple of the page size.</param>
    /// <param name="byteCount">Bytes, rounded up to whole pages; 0 does nothing.</param>
    /// <returns>
    /// Success; <see cref="VmResult.InvalidAddress"/> when the range has a hole or reaches outside the map;
    /// <see cref="VmResult.InvalidArgument"/> when an entry is a submap;
    /// <see cref="VmResult.ResourceShortage"/> when the system refuses.
    /// </returns>
    /// <remarks>Shares the lock while the system writes. Entries that no object is behind are passed over.</remarks>
    /// <exception cref="ArgumentException">The start is unaligned.</exception>
    /// <exception cref="ObjectDisposedException">The map has been disposed of.</exception>
    public VmResult Synchronize(nuint start, nuint byteCount)
    {
        using VmMapLockScope scope = EnterReadLock();
        if (!TryGetPages(start, byteCount, out ulong first, out ulong end))
        {
            return VmResult.InvalidAddress;
        }

        for (ulong page = first; page < end;)
        {
            if (!_index.TryGetAtOrBelow(page, out EntryRecord record) || record.End <= page)
            {
                return VmResult.InvalidAddress;
            }

            if (EntryFlags.Kind(record.Flags) == VmEntryKind.Submap)
            {
                return VmResult.InvalidArgument;
            }

            ulong pieceEnd = Math.Min(end, record.End);
            if (record.Detail.ObjectId != 0)
            {
                SystemReply reply = _platform.Synchronize(ToAddress(page), ToByteCount(pieceEnd - page));
                if (reply.IsRefused)
                {
                    return VmResult.Refused(reply);
                }
            }

            page = pieceEnd;
        }

        return VmResult.Success;
    }

    /// <summary>Finds space in one reservation, and reserves it for objects to be mapped there.</summary>
    internal VmResult FindForObjects(nuint start, nuint byteCount, nuint alignment, out nuint address)
    {
        using VmMapLockScope scope = EnterWriteLock();
        GrowthMark mark = MarkGrowth();
        VmResult result = FindObjectSpace(start, byteCount, alignment, out address);
        result = result.IsSuccess ? Insert(address, byteCount, VmEntryAttributes.Reserved) : result;
        if (!result.IsSuccess)
        {
            UndoGrowth(mark);
        }

        return result;
    }

    /// <summary>The first fit that lies in one reservation where no mapping spans two; growth is the caller's to undo.</summary>
    private VmResult FindObjectSpace(nuint start, nuint byteCount, nuint alignment, out nuint address)
    {
        // lcm(alignment, granularity): the granularity is a power of two, so what the two share is one too.
        nuint granularity = _platform.AllocationGranularity;
        int shared = Math.Min(BitOperations.TrailingZeroCount(alignment), BitOperations.TrailingZeroCount(granularity));
        nuint odd = alignment >> shared;
        nuint both = odd <= nuint.MaxValue / granularity ? odd * granularity : nuint.MaxValue;
        both = alignment == 0 ? 0 : both;
        VmResult result;
        while ((result = FindSpaceLocked(start, byteCount, both, FindSpaceFlags.None, out address)).IsSuccess)
        {
            nuint end = _handle.PieceEnd(address, address + byteCount);
            if (end == address + byteCount)
            {
                break;
            }

            start = end;
        }

        return result;
    }

    private static SystemReply NoObjects(nuint start, nuint byteCount)
    {
        const int WindowsNotSupported = 50;
        const int PosixNotSupported = 95;
        bool isWindows = OperatingSystem.IsWindows();
        return SystemReply.Refused(
            SystemOperation.MapObject,
            start,
            byteCount,
            RefusalReason.NotSupported,
            isWindows ? ErrorDomain.Win32 : ErrorDomain.Errno,
            isWindows ? WindowsNotSupported : PosixNotSupported);
    }

    private VmResult CheckReplaced(ulong first, ulong end, bool replace)
    {
        for (ulong page = first; page < end && TryGetRecordEndingAbove(page, out EntryRecord record) && record.Start < end; page = record.End)
        {
            if (!replace)
            {
                return VmResult.NoSpace;
            }

            if (SplitsExplicitHuge(record, first, end) || EntryFlags.Kind(record.Flags) != VmEntryKind.Normal || record.Detail.WiredCount != 0)
            {
                return VmResult.InvalidArgument;
            }
        }

        return CutsView(first, end) ? VmResult.InvalidArgument : VmResult.Success;
    }

    private VmResult MapRecord(EntryRecord record, MemoryObjectHandle source, ulong offset)
    {
        GrowthMark mark = MarkGrowth();
        VmResult result = record.End > _reservedEndPage ? GrowToCover(record) : VmResult.Success;
        nuint start = ToAddress(record.Start);
        nuint end = ToAddress(record.End);

        // The entry and two clips; and no mapping lies across two reservations where ranges cannot.
        if (result.IsSuccess && !_index.TryReserve(3))
        {
            result = VmResult.ResourceShortage;
        }

        if (result.IsSuccess && _handle.PieceEnd(start, end) != end)
        {
            result = VmResult.NoSpace;
        }

        bool isCleared = false;
        if (result.IsSuccess)
        {
            EntryRecord mapped = record;
            mapped.Detail.ObjectId = _lastObjectId + 1;
            ulong key = MappingKey(mapped);
            SystemReply reply = _retained is null || _retained.TryReserve(2)
                ? MayAddMappings(record.Start, record.End, key, key, SystemOperation.MapObject)
                : NoRecords(record.Start, record.End);
            reply = reply.IsRefused ? reply
                : _hasPlaceholders ? MapInEmptied(record, source, offset, out isCleared)
                : _platform.MapObject(
                start, end - start, source, offset, EntryFlags.Protection(record.Flags), EntryFlags.Sharing(record.Flags), _traits);
            result = reply.IsRefused ? VmResult.Refused(reply) : VmResult.Success;
        }

        if (!result.IsSuccess)
        {
            if (isCleared)
            {
                RemoveReplaced(record);
            }

            UndoGrowth(mark);
            return result;
        }

        RemoveReplaced(record);
        _retained?.Remove(record.Start, record.End);
        record.Detail.ObjectId = ++_lastObjectId;
        bool hasBelow = _index.TryGetAtOrBelow(record.Start, out EntryRecord below);
        AddRecord(record, hasBelow, below);
        return VmResult.Success;
    }

    private void RemoveReplaced(in EntryRecord record)
    {
        UncountRecords(record.Start, record.End);
        RemoveRecords(record.Start, record.End, hasForeign: false);
    }

    private void UncountRecords(ulong first, ulong end)
    {
        for (ulong page = first; page < end && TryGetRecordEndingAbove(page, out EntryRecord record) && record.Start < end; page = record.End)
        {
            ulong pageCount = Math.Min(record.End, end) - Math.Max(record.Start, first);
            _mappedPageCount -= pageCount;
            _committedPageCount -= EntryFlags.IsCommitted(record.Flags) ? pageCount : 0;
        }
    }
}
