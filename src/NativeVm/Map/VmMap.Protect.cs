using NativeVm.Changes;
using NativeVm.Index;
using NativeVm.Platform;

namespace NativeVm;

public sealed partial class VmMap
{
    /// <summary>
    /// Changes what may be done to the pages of a range (<c>vm_map_protect</c>): all of its entries, or none.
    /// </summary>
    /// <param name="start">First address, a multiple of the page size; what lies outside the map is left out.</param>
    /// <param name="byteCount">Bytes, rounded up to whole pages; 0 changes nothing.</param>
    /// <param name="protection">The new protection.</param>
    /// <returns>
    /// Success; <see cref="VmResult.ProtectionFailure"/> when an entry's maximum forbids it;
    /// <see cref="VmResult.InvalidArgument"/> when an entry is a submap, or has no memory behind it that could be
    /// accessed (commit it first); <see cref="VmResult.ResourceShortage"/> when the system refuses.
    /// </returns>
    /// <remarks>
    /// Takes the lock exclusively. Holes are skipped. A guard stays one, and takes the protection for when it is removed.
    /// Entries at the ends of the range are clipped; neighbours that
    /// become equal are joined. The system is asked once for each run of pages that differ.
    /// </remarks>
    /// <exception cref="ArgumentException">The start is unaligned, or the protection is writable and executable.</exception>
    /// <exception cref="ObjectDisposedException">The map has been disposed of.</exception>
    public VmResult Protect(nuint start, nuint byteCount, PageProtection protection)
    {
        RequireProtection(protection);
        using VmMapLockScope scope = EnterWriteLock();
        ClampToMap(start, byteCount, out ulong first, out ulong end);
        return Change(first, end, new ProtectChange(protection, HasGuardRegions));
    }

    /// <summary>
    /// Lowers what the protection of a range may ever become, and its protection with it (<c>vm_map_protect</c> with
    /// <c>set_max</c>): all of its entries, or none.
    /// </summary>
    /// <param name="start">First address, a multiple of the page size; what lies outside the map is left out.</param>
    /// <param name="byteCount">Bytes, rounded up to whole pages; 0 changes nothing.</param>
    /// <param name="maximum">The new maximum; all three accesses may be in it.</param>
    /// <returns>
    /// Success; <see cref="VmResult.ProtectionFailure"/> when it would raise an entry's maximum;
    /// <see cref="VmResult.InvalidArgument"/> when an entry is a submap;
    /// <see cref="VmResult.ResourceShortage"/> when the system refuses.
    /// </returns>
    /// <remarks>Takes the lock exclusively. Holes are skipped. There is no way back up.</remarks>
    /// <exception cref="ArgumentException">The start is unaligned, or the maximum is none that is known.</exception>
    /// <exception cref="ObjectDisposedException">The map has been disposed of.</exception>
    public VmResult ProtectMaximum(nuint start, nuint byteCount, PageProtection maximum)
    {
        if (maximum > (PageProtection.ReadWrite | PageProtection.Execute))
        {
            throw new ArgumentOutOfRangeException(nameof(maximum), maximum, "Not a page protection.");
        }

        using VmMapLockScope scope = EnterWriteLock();
        ClampToMap(start, byteCount, out ulong first, out ulong end);
        return Change(first, end, new ProtectMaximumChange(maximum, HasGuardRegions));
    }

    /// <summary>
    /// Whether every page of a range is mapped with at least a protection (<c>vm_map_check_protection</c>).
    /// </summary>
    /// <param name="start">First address, a multiple of the page size.</param>
    /// <param name="byteCount">Bytes, rounded up to whole pages; an empty range has every protection.</param>
    /// <param name="protection">The accesses that each page has to allow.</param>
    /// <returns>Whether they all do; a hole or an address outside the map does not.</returns>
    /// <remarks>Shares the lock.</remarks>
    /// <exception cref="ArgumentException">The start is unaligned.</exception>
    /// <exception cref="ObjectDisposedException">The map has been disposed of.</exception>
    public bool CheckProtection(nuint start, nuint byteCount, PageProtection protection)
    {
        using VmMapLockScope scope = EnterReadLock();
        if (!TryGetPages(start, byteCount, out ulong page, out ulong end))
        {
            return false;
        }

        while (page < end && _index.TryGetAtOrBelow(page, out EntryRecord record) && record.End > page
            && (protection & ~EntryFlags.Access(record.Flags)) == 0)
        {
            page = record.End;
        }

        return page >= end;
    }

    private static void RequireProtection(PageProtection protection)
    {
        if (protection > (PageProtection.ReadWrite | PageProtection.Execute))
        {
            throw new ArgumentOutOfRangeException(nameof(protection), protection, "Not a page protection.");
        }

        const PageProtection WriteAndExecute = PageProtection.Write | PageProtection.Execute;
        if ((protection & WriteAndExecute) == WriteAndExecute)
        {
            throw new ArgumentException("No page is writable and executable at once.", nameof(protection));
        }
    }
}
