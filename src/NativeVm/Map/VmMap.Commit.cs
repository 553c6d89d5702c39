using NativeVm.Changes;
using NativeVm.Index;
using NativeVm.Platform;

namespace NativeVm;

public sealed partial class VmMap
{
    /// <summary>Puts zeroed memory behind the entries of a range that have none; those that have some keep it as it is.</summary>
    /// <param name="start">First address, a multiple of the page size.</param>
    /// <param name="byteCount">Bytes, rounded up to whole pages; 0 changes nothing.</param>
    /// <param name="protection">What may be done to the new pages; not none.</param>
    /// <returns>
    /// Success; <see cref="VmResult.InvalidAddress"/> when the range has a hole or reaches outside the map;
    /// <see cref="VmResult.InvalidArgument"/> when an entry is a submap or foreign;
    /// <see cref="VmResult.ProtectionFailure"/> when an entry's maximum forbids the protection;
    /// <see cref="VmResult.ResourceShortage"/> when the system refuses.
    /// </returns>
    /// <remarks>
    /// Takes the lock exclusively. The system is asked once for each run of pages without memory. Guards stay what they
    /// are. What the entries prefer of huge pages and memory nodes is told to the system with it.
    /// </remarks>
    /// <exception cref="ArgumentException">
    /// The start is unaligned, or the protection is none, or writable and executable.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The map has been disposed of.</exception>
    public VmResult Commit(nuint start, nuint byteCount, PageProtection protection)
    {
        RequireProtection(protection);
        if (protection == PageProtection.None)
        {
            throw new ArgumentException("Committed pages have a protection; commit first, then protect.", nameof(protection));
        }

        using VmMapLockScope scope = EnterWriteLock();
        if (!TryGetPages(start, byteCount, out ulong first, out ulong end))
        {
            return VmResult.InvalidAddress;
        }

        CommitChange change = new(protection, _traits);
        return _budget is null ? Change(first, end, change) : CommitWithinBudget(first, end, change, (ulong)protection);
    }

    private VmResult CommitWithinBudget(ulong first, ulong end, in CommitChange change, ulong key)
    {
        VmResult result = Check(first, end, change, out _);
        if (!result.IsSuccess || first == end)
        {
            return result;
        }

        SystemReply reply = PrepareCommit(first, end, key);
        if (reply.IsRefused)
        {
            return VmResult.Refused(reply);
        }

        result = Change(first, end, change);
        if (result.IsSuccess)
        {
            _retained?.Remove(first, end);
        }
        else
        {
            // What had been committed has been decommitted, so that it is not retained any more, and nor is the rest.
            _ = GiveBackRetained(first, end);
        }

        return result;
    }

    /// <summary>
    /// Takes the memory from behind the entries of a range and leaves them reserved: their pages leave the resident
    /// set, and read as zeros when they are committed again.
    /// </summary>
    /// <param name="start">First address, a multiple of the page size; what lies outside the map is left out.</param>
    /// <param name="byteCount">Bytes, rounded up to whole pages; 0 changes nothing.</param>
    /// <returns>
    /// Success; <see cref="VmResult.InvalidArgument"/> when an entry is a submap, is wired, or has an object behind it, or
    /// when an end of the range lies inside what may be a huge page; <see cref="VmResult.ResourceShortage"/> when the
    /// system refuses.
    /// </returns>
    /// <remarks>
    /// Takes the lock exclusively. Holes are skipped, as entries that are not committed are. Guards stay, without memory.
    /// Near the system's cap on mappings the pages are emptied and leave the resident set, but may stay accessible
    /// (<see cref="VmMapStatistics.RetainedByteCount"/>).
    /// </remarks>
    /// <exception cref="ArgumentException">The start is unaligned.</exception>
    /// <exception cref="ObjectDisposedException">The map has been disposed of.</exception>
    public VmResult Decommit(nuint start, nuint byteCount) => Decommit(start, byteCount, GiveBackFlags.None);

    /// <summary>As <see cref="Decommit(nuint, nuint)"/>, saying how.</summary>
    /// <param name="start">First address, a multiple of the page size; what lies outside the map is left out.</param>
    /// <param name="byteCount">Bytes, rounded up to whole pages; 0 changes nothing.</param>
    /// <param name="flags">Whether huge pages are broken up for it; explicit ones never are.</param>
    /// <returns>As without the flags.</returns>
    /// <exception cref="ArgumentException">The start is unaligned, or a flag is unknown.</exception>
    /// <exception cref="ObjectDisposedException">The map has been disposed of.</exception>
    public VmResult Decommit(nuint start, nuint byteCount, GiveBackFlags flags)
    {
        RequireGiveBackFlags(flags);
        using VmMapLockScope scope = EnterWriteLock();
        ClampToMap(start, byteCount, out ulong first, out ulong end);
        VmResult result = Check(first, end, default(ReservedChange), out _);
        if (!result.IsSuccess || first == end)
        {
            return result;
        }

        if (flags == GiveBackFlags.None && SplitsHugePage(first, end))
        {
            return VmResult.InvalidArgument;
        }

        if (!_index.TryReserve(2))
        {
            return VmResult.ResourceShortage;
        }

        result = DecommitPages(first, end);
        if (result.IsSuccess)
        {
            Apply(first, end, default(ReservedChange));
            Simplify(first, end);
            Relax();
        }

        return result;
    }

    /// <summary>Puts memory behind a record's pages, with its protection and its wishes; all of them, or none.</summary>
    /// <param name="record">An entry that is not in the index yet.</param>
    /// <param name="isAlone">Whether nothing else is about to be put beside it that relies on faulting.</param>
    private VmResult CommitPages(in EntryRecord record, bool isAlone = true)
    {
        VmResult ready = _budget is null ? VmResult.Success : PrepareWithinBudget(record, isAlone);
        if (!ready.IsSuccess)
        {
            return ready;
        }

        nuint start = ToAddress(record.Start);
        nuint end = ToAddress(record.End);
        for (nuint address = start; address < end;)
        {
            nuint pieceEnd = _handle.PieceEnd(address, end);
            SystemReply reply = CommitPiece(address, pieceEnd - address, record);
            if (reply.IsRefused)
            {
                TakeBack(start, pieceEnd);
                _ = GiveBackRetained(record.Start, record.End);
                return VmResult.Refused(reply);
            }

            address = pieceEnd;
        }

        _retained?.Remove(record.Start, record.End);
        return VmResult.Success;
    }

    private VmResult PrepareWithinBudget(in EntryRecord record, bool isAlone)
    {
        ulong key = MappingKey(record);
        bool mayRetain = isAlone && EntryFlags.Kind(record.Flags) == VmEntryKind.Normal;
        VmResult result = record.Detail.GrowthReserve == 0 ? VmResult.Success
            : GiveBackRetained(record.Start - Math.Min(record.Start, record.Detail.GrowthReserve), record.Start);
        SystemReply reply = result.IsSuccess ? PrepareCommit(record.Start, record.End, mayRetain ? key : 0) : result.Refusal;
        reply = reply.IsSuccess && result.IsSuccess
            ? MayAddMappings(record.Start, record.End, key, key, SystemOperation.Commit)
            : reply;
        return reply.IsRefused ? VmResult.Refused(reply) : result;
    }

    private SystemReply CommitPiece(nuint address, nuint byteCount, in EntryRecord record)
    {
        PageProtection protection = EntryFlags.Protection(record.Flags);
        if ((record.Flags & EntryFlags.ExplicitHuge) != 0)
        {
            SystemReply huge = CommitExplicitHuge(address, byteCount, protection);
            return huge.IsSuccess ? PageWishes.Express(_platform, address, byteCount, PageWishes.Of(record)) : huge;
        }

        bool isClosed = protection == PageProtection.None;
        SystemReply reply = _platform.Commit(address, byteCount, isClosed ? PageProtection.ReadWrite : protection);
        if (reply.IsSuccess && isClosed)
        {
            reply = _platform.Protect(address, byteCount, PageProtection.None);
        }

        return reply.IsSuccess ? PageWishes.Express(_platform, address, byteCount, PageWishes.Of(record)) : reply;
    }

    /// <summary>Decommits what has just been committed and nobody has seen.</summary>
    private void TakeBack(nuint start, nuint end)
    {
        for (nuint address = start; address < end;)
        {
            nuint from = address;
            nuint pieceEnd = _handle.PieceEnd(address, end);
            _ = Insistence.On(() => _platform.Decommit(from, pieceEnd - from, _traits));
            address = pieceEnd;
        }
    }
}
