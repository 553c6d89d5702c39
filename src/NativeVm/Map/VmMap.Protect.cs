using NativeVm.Changes;
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
    /// Takes the lock exclusively. Holes are skipped. Entries at the ends of the range are clipped; neighbours that
    /// become equal are joined. The system is asked once for each run of pages that differ.
    /// </remarks>
    /// <exception cref="ArgumentException">The start is unaligned, or the protection is writable and executable.</exception>
    /// <exception cref="ObjectDisposedException">The map has been disposed of.</exception>
    public VmResult Protect(nuint start, nuint byteCount, PageProtection protection)
    {
        RequireProtection(protection);
        using VmMapLockScope scope = EnterWriteLock();
        ClampToMap(start, byteCount, out ulong first, out ulong end);
        return Change(first, end, new ProtectChange(protection));
    }

    private static void RequireProtection(PageProtection protection)
    {
        if (protection > (PageProtection.ReadWrite | PageProtection.Execute))
        {
            throw new ArgumentOutOfRangeException(nameof(protection), protection, "Not a page protection.");
        }

        if (protection.HasFlag(PageProtection.Write | PageProtection.Execute))
        {
            throw new ArgumentException("No page is writable and executable at once.", nameof(protection));
        }
    }
}
