using System.Numerics;
using System.Runtime.CompilerServices;
using NativeVm.Index;
using NativeVm.Index.Tree;

namespace NativeVm;

public sealed partial class VmMap
{
    /// <summary>
    /// Finds the lowest address at or above <paramref name="start"/> from which <paramref name="length"/> bytes are
    /// free: <c>vm_map_findspace(9)</c>. Nothing is inserted. If, and only if, that place lies beyond
    /// <see cref="ReservedEnd"/>, a growable map extends its reservation to cover it.
    /// </summary>
    /// <param name="start">Any address; below the map it means the map's first, above it nothing is found.</param>
    /// <param name="length">Bytes, rounded up to whole pages; not 0. A rounding that wraps finds nothing.</param>
    /// <param name="alignment">
    /// Any number of bytes from 1 up, a power of two or not: the result is a multiple of it and of the page size.
    /// </param>
    /// <param name="flags">How the growth reserves of stacks are treated.</param>
    /// <param name="address">The address found; 0 when none was (0 may also be found, in a map that begins there).</param>
    /// <returns>
    /// Whether there is one. <see langword="false"/> leaves everything as it was, also when the system refused to
    /// extend the reservation.
    /// </returns>
    /// <remarks>
    /// Exact first fit: what a linear scan over the gaps finds, for every alignment, never below
    /// <paramref name="start"/>. The end of the result may equal <see cref="MaxAddress"/>. Source: vm_map_findspace(9),
    /// DragonFly BSD.
    /// </remarks>
    /// <exception cref="SynchronizationLockException">This thread does not hold the lock exclusively.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The length or the alignment is 0, or a flag is unknown.</exception>
    /// <exception cref="ObjectDisposedException">The map has been disposed of.</exception>
    public bool TryFindSpace(nuint start, nuint length, nuint alignment, FindSpaceFlags flags, out nuint address)
    {
        RequireWriteLock();
        return FindSpaceLocked(start, length, alignment, flags, out address).IsSuccess;
    }

    /// <summary>
    /// As <see cref="TryFindSpace(nuint, nuint, nuint, FindSpaceFlags, out nuint)"/> from <paramref name="hint"/> and, if nothing is found there, once more from
    /// <see cref="MinAddress"/>: the search that wraps around (<c>vm_map_find_min</c> of FreeBSD).
    /// </summary>
    /// <param name="hint">Where the search begins.</param>
    /// <param name="length">Bytes, rounded up to whole pages; not 0.</param>
    /// <param name="alignment">Any number of bytes from 1 up.</param>
    /// <param name="flags">How the growth reserves of stacks are treated.</param>
    /// <param name="address">The address found; 0 when none was.</param>
    /// <returns>Whether there is one.</returns>
    /// <exception cref="SynchronizationLockException">This thread does not hold the lock exclusively.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The length or the alignment is 0, or a flag is unknown.</exception>
    /// <exception cref="ObjectDisposedException">The map has been disposed of.</exception>
    public bool TryFindSpaceFromHint(nuint hint, nuint length, nuint alignment, FindSpaceFlags flags, out nuint address)
    {
        RequireWriteLock();
        return FindSpaceLocked(hint, length, alignment, flags, out address).IsSuccess
            || (hint > MinAddress && FindSpaceLocked(MinAddress, length, alignment, flags, out address).IsSuccess);
    }

    private VmResult FindSpaceLocked(
        nuint start, nuint length, nuint alignment, FindSpaceFlags flags, out nuint address)
    {
        ArgumentOutOfRangeException.ThrowIfZero(length);
        ArgumentOutOfRangeException.ThrowIfZero(alignment);
        if ((flags & ~FindSpaceFlags.Stack) != 0)
        {
            throw new ArgumentOutOfRangeException(nameof(flags), flags, "Not a flag of a search for space.");
        }

        address = 0;
        if (start >= MaxAddress || !TryCountPages(length, out ulong pageCount))
        {
            return VmResult.NoSpace;
        }

        nuint mask = PageSize - 1;
        ulong startPage = Math.Max((start >> _pageShift) + ((start & mask) == 0 ? 0u : 1u), _index.FirstPage);

        // lcm(alignment, page size) in pages: the page size is a power of two, so what the two share is one too.
        int shared = Math.Min(BitOperations.TrailingZeroCount(alignment), _pageShift);
        ulong pageAlignment = alignment >> shared;
        if (flags != FindSpaceFlags.None || !FigureClasses.IsExact(pageAlignment))
        {
            SpaceQuery query = new(startPage, _index.EndPage, pageCount, pageAlignment, (flags & FindSpaceFlags.Stack) != 0);
            return _index.TryFindSpace(query, out ulong first) ? CoverSpace(query, first, out address) : VmResult.NoSpace;
        }

        if (!_index.TryFindFirst(startPage, pageCount, pageAlignment, out ulong page))
        {
            return VmResult.NoSpace;
        }

        if (page + pageCount > _reservedEndPage)
        {
            SpaceQuery query = new(startPage, _index.EndPage, pageCount, pageAlignment, IncludeStackReserves: false);
            return CoverSpace(query, page, out address);
        }

        address = ToAddress(page);
        return VmResult.Success;
    }

    /// <summary>Extends the reservation, if need be, so that it has what a search found; or goes on with the search.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private VmResult CoverSpace(in SpaceQuery query, ulong page, out nuint address)
    {
        VmResult result = page + query.PageCount > _reservedEndPage ? GrowToFit(query, ref page) : VmResult.Success;
        address = result.IsSuccess ? ToAddress(page) : 0;
        return result;
    }
}
