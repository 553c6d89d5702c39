using NativeVm.Changes;

namespace NativeVm;

public sealed partial class VmMap
{
    /// <summary>Keeps the pages of a range in physical memory (<c>vm_map_wire</c>). Wirings nest.</summary>
    /// <param name="start">First address, a multiple of the page size.</param>
    /// <param name="byteCount">Bytes, rounded up to whole pages; 0 changes nothing.</param>
    /// <returns>
    /// Success; <see cref="VmResult.InvalidAddress"/> when the range has a hole or reaches outside the map;
    /// <see cref="VmResult.InvalidArgument"/> when an entry has no memory behind it;
    /// <see cref="VmResult.ResourceShortage"/> when the system refuses, which its refusal explains: as a rule the
    /// limit on locked memory.
    /// </returns>
    /// <remarks>
    /// Takes the lock exclusively. All of the range is wired, or none. Entries at its ends are clipped. Removing an
    /// entry takes its wirings with it; decommitting a wired one is refused.
    /// </remarks>
    /// <exception cref="ArgumentException">The start is unaligned.</exception>
    /// <exception cref="ObjectDisposedException">The map has been disposed of.</exception>
    public VmResult Wire(nuint start, nuint byteCount)
    {
        using VmMapLockScope scope = EnterWriteLock();
        return TryGetPages(start, byteCount, out ulong first, out ulong end)
            ? Change(first, end, default(WireChange))
            : VmResult.InvalidAddress;
    }

    /// <summary>Takes one wiring of a range back (<c>vm_map_unwire</c>); its last one lets the pages go again.</summary>
    /// <param name="start">First address, a multiple of the page size.</param>
    /// <param name="byteCount">Bytes, rounded up to whole pages; 0 changes nothing.</param>
    /// <returns>
    /// Success; <see cref="VmResult.InvalidAddress"/> when the range has a hole or reaches outside the map;
    /// <see cref="VmResult.InvalidArgument"/> when an entry is not wired;
    /// <see cref="VmResult.ResourceShortage"/> when the system refuses.
    /// </returns>
    /// <remarks>Takes the lock exclusively. All of the range is unwired once, or none.</remarks>
    /// <exception cref="ArgumentException">The start is unaligned.</exception>
    /// <exception cref="ObjectDisposedException">The map has been disposed of.</exception>
    public VmResult Unwire(nuint start, nuint byteCount)
    {
        using VmMapLockScope scope = EnterWriteLock();
        return TryGetPages(start, byteCount, out ulong first, out ulong end)
            ? Change(first, end, default(UnwireChange))
            : VmResult.InvalidAddress;
    }
}
