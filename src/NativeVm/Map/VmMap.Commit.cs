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
    /// <see cref="VmResult.InvalidArgument"/> when an entry is neither normal nor a stack;
    /// <see cref="VmResult.ProtectionFailure"/> when an entry's maximum forbids the protection;
    /// <see cref="VmResult.ResourceShortage"/> when the system refuses.
    /// </returns>
    /// <remarks>Takes the lock exclusively. The system is asked once for each run of pages without memory.</remarks>
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
        return TryGetPages(start, byteCount, out ulong first, out ulong end)
            ? Change(first, end, new CommitChange(protection, _traits))
            : VmResult.InvalidAddress;
    }

    /// <summary>
    /// Takes the memory from behind the entries of a range and leaves them reserved: their pages leave the resident
    /// set, and read as zeros when they are committed again.
    /// </summary>
    /// <param name="start">First address, a multiple of the page size; what lies outside the map is left out.</param>
    /// <param name="byteCount">Bytes, rounded up to whole pages; 0 changes nothing.</param>
    /// <returns>
    /// Success; <see cref="VmResult.InvalidArgument"/> when an entry is neither normal nor a stack, is wired, or has an
    /// object behind it;
    /// <see cref="VmResult.ResourceShortage"/> when the system refuses.
    /// </returns>
    /// <remarks>Takes the lock exclusively. Holes are skipped, as entries that are not committed are.</remarks>
    /// <exception cref="ArgumentException">The start is unaligned.</exception>
    /// <exception cref="ObjectDisposedException">The map has been disposed of.</exception>
    public VmResult Decommit(nuint start, nuint byteCount)
    {
        using VmMapLockScope scope = EnterWriteLock();
        ClampToMap(start, byteCount, out ulong first, out ulong end);
        VmResult result = Check(first, end, default(ReservedChange), out _);
        if (!result.IsSuccess || first == end)
        {
            return result;
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
        }

        return result;
    }

    /// <summary>Puts memory behind a record's pages, with its protection and inheritance; all of them, or none.</summary>
    private VmResult CommitPages(in EntryRecord record)
    {
        nuint start = ToAddress(record.Start);
        nuint end = ToAddress(record.End);
        for (nuint address = start; address < end;)
        {
            nuint pieceEnd = _handle.PieceEnd(address, end);
            SystemReply reply = CommitPiece(address, pieceEnd - address, record.Flags);
            if (reply.IsRefused)
            {
                TakeBack(start, pieceEnd);
                return VmResult.Refused(reply);
            }

            address = pieceEnd;
        }

        return VmResult.Success;
    }

    private SystemReply CommitPiece(nuint address, nuint byteCount, uint flags)
    {
        PageProtection protection = EntryFlags.Protection(flags);
        PageInheritance inheritance = EntryFlags.Inheritance(flags);
        bool isClosed = protection == PageProtection.None;
        SystemReply reply = _platform.Commit(address, byteCount, isClosed ? PageProtection.ReadWrite : protection);
        if (reply.IsSuccess && isClosed)
        {
            reply = _platform.Protect(address, byteCount, PageProtection.None);
        }

        if (reply.IsSuccess && inheritance != PageInheritance.Copy)
        {
            reply = _platform.SetInheritance(address, byteCount, inheritance);
        }

        return reply;
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
