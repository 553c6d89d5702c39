using NativeVm.Changes;
using NativeVm.Platform;

namespace NativeVm;

public sealed partial class VmMap
{
    /// <summary>Says what a child process made by <c>fork</c> sees of a range (<c>vm_map_inherit</c>).</summary>
    /// <param name="start">First address, a multiple of the page size; what lies outside the map is left out.</param>
    /// <param name="byteCount">Bytes, rounded up to whole pages; 0 changes nothing.</param>
    /// <param name="inheritance">A copy, the same pages, or nothing.</param>
    /// <returns>
    /// Success; <see cref="VmResult.InvalidArgument"/> for an inheritance that is none, or when an entry is a submap;
    /// <see cref="VmResult.ResourceShortage"/> when the system refuses: few can share anonymous memory with a child.
    /// </returns>
    /// <remarks>
    /// Takes the lock exclusively. Holes are skipped. Entries without memory are told when they are committed. A
    /// decommit forgets it no more than a commit does: it belongs to the entry.
    /// </remarks>
    /// <exception cref="ArgumentException">The start is unaligned.</exception>
    /// <exception cref="ObjectDisposedException">The map has been disposed of.</exception>
    public VmResult Inherit(nuint start, nuint byteCount, PageInheritance inheritance)
    {
        using VmMapLockScope scope = EnterWriteLock();
        ClampToMap(start, byteCount, out ulong first, out ulong end);
        return inheritance > PageInheritance.None
            ? VmResult.InvalidArgument
            : Change(first, end, new InheritChange(inheritance));
    }
}
