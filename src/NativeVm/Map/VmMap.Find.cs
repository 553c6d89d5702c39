namespace NativeVm;

public sealed partial class VmMap
{
    /// <summary>
    /// Finds space, makes an entry there and commits its pages if the attributes say so (<c>vm_map_find</c>): a
    /// search, an insert and a commit in one step that happens or does not.
    /// </summary>
    /// <param name="start">Where the search begins; any address.</param>
    /// <param name="byteCount">Bytes, rounded up to whole pages; not 0.</param>
    /// <param name="alignment">Any number of bytes from 1 up.</param>
    /// <param name="attributes">What the entry is; <see cref="VmEntryAttributes.ReadWrite"/> for memory to use.</param>
    /// <param name="address">Where it is; 0 unless it succeeds.</param>
    /// <param name="flags">How the growth reserves of stacks are treated.</param>
    /// <returns>
    /// Success; <see cref="VmResult.NoSpace"/>; <see cref="VmResult.ResourceShortage"/> when the system refuses.
    /// </returns>
    /// <remarks>Takes the lock exclusively. Committed memory is zeroed. A stack's growth reserve is not searched for.</remarks>
    /// <exception cref="ArgumentException">
    /// The length or the alignment is 0, a flag is unknown, or the attributes contradict each other.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The map has been disposed of.</exception>
    public VmResult Find(
        nuint start,
        nuint byteCount,
        nuint alignment,
        in VmEntryAttributes attributes,
        out nuint address,
        FindSpaceFlags flags = FindSpaceFlags.None)
    {
        if (attributes.HugePages != VmHugePages.None)
        {
            SpaceRequest request = new(byteCount) { Start = start, Alignment = alignment, Flags = flags };
            return Find(request, attributes, out address);
        }

        using VmMapLockScope scope = EnterWriteLock();
        RequireAttributes(attributes);
        GrowthMark mark = MarkGrowth();
        VmResult result = FindSpaceLocked(start, byteCount, alignment, flags, out address);
        if (!result.IsSuccess)
        {
            return result;
        }

        ulong first = address >> _pageShift;
        _ = TryCountPages(byteCount, out ulong pageCount);
        result = InsertPages(ToRecord(first, first + pageCount, attributes));
        if (!result.IsSuccess)
        {
            UndoGrowth(mark);
            address = 0;
        }

        return result;
    }

    /// <summary>As <see cref="Find(nuint, nuint, nuint, in VmEntryAttributes, out nuint, FindSpaceFlags)"/>, anywhere in the map, at page alignment.</summary>
    /// <param name="byteCount">Bytes, rounded up to whole pages; not 0.</param>
    /// <param name="attributes">What the entry is.</param>
    /// <param name="address">Where it is; 0 unless it succeeds.</param>
    /// <returns>As the search from an address.</returns>
    /// <exception cref="ArgumentException">The length is 0, or the attributes contradict each other.</exception>
    /// <exception cref="ObjectDisposedException">The map has been disposed of.</exception>
    public VmResult Find(nuint byteCount, in VmEntryAttributes attributes, out nuint address) =>
        Find(MinAddress, byteCount, 1, attributes, out address);

    /// <summary>As <see cref="Insert"/>, taking the lock itself: <c>vm_map_find</c> at a fixed address.</summary>
    /// <param name="start">First address, a multiple of the page size.</param>
    /// <param name="byteCount">Bytes, rounded up to whole pages; 0 is <see cref="VmResult.InvalidAddress"/>.</param>
    /// <param name="attributes">What the entry is.</param>
    /// <returns>As <see cref="Insert"/>.</returns>
    /// <exception cref="ArgumentException">The start is unaligned, or the attributes contradict each other.</exception>
    /// <exception cref="ObjectDisposedException">The map has been disposed of.</exception>
    public VmResult FindFixed(nuint start, nuint byteCount, in VmEntryAttributes attributes)
    {
        using VmMapLockScope scope = EnterWriteLock();
        return Insert(start, byteCount, attributes);
    }
}
