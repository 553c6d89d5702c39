using NativeVm.Index;

namespace NativeVm;

/// <content>
/// Stacks, which grow downwards (<c>vm_map_stack</c>, <c>vm_map_growstack</c>). A stack is a committed entry at the
/// top of a range that is kept for it: the growth reserve, directly below its lowest piece, whose pages are reserved
/// and fault when touched. Below the reserve lies a guard entry, so that a stack that has grown to its limit still
/// ends at pages that fault, and not at its neighbour's.
/// </content>
public sealed partial class VmMap
{
    /// <summary>Finds space for a stack, keeps all of it, and commits its top.</summary>
    /// <param name="maxByteCount">Bytes that the stack may grow to, rounded up to whole pages; not 0.</param>
    /// <param name="initialByteCount">Bytes to commit at once, rounded up; not 0 and at most the maximum.</param>
    /// <param name="guardByteCount">Bytes that fault below the stack, rounded up; 0 for none.</param>
    /// <param name="tag">A number of the user's own, which its entries carry.</param>
    /// <param name="top">The first address above the stack, where its use begins; 0 unless it succeeds.</param>
    /// <returns>
    /// Success; <see cref="VmResult.NoSpace"/>; <see cref="VmResult.ResourceShortage"/> when the system refuses.
    /// </returns>
    /// <remarks>
    /// Takes the lock exclusively. <see cref="Remove"/> of [top - maximum - guard, top) ends the stack.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">A length is 0, wraps, or is more than the maximum.</exception>
    /// <exception cref="ObjectDisposedException">The map has been disposed of.</exception>
    public VmResult FindStack(nuint maxByteCount, nuint initialByteCount, nuint guardByteCount, ulong tag, out nuint top)
    {
        ArgumentOutOfRangeException.ThrowIfZero(maxByteCount);
        ArgumentOutOfRangeException.ThrowIfZero(initialByteCount);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(initialByteCount, maxByteCount);
        nuint max = RoundUp(maxByteCount, nameof(maxByteCount));
        nuint initial = RoundUp(initialByteCount, nameof(initialByteCount));
        nuint guard = guardByteCount == 0 ? 0 : RoundUp(guardByteCount, nameof(guardByteCount));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(guard, nuint.MaxValue - max, nameof(guardByteCount));

        using VmMapLockScope scope = EnterWriteLock();
        top = 0;
        GrowthMark mark = MarkGrowth();
        VmResult result = FindSpaceLocked(MinAddress, max + guard, 1, FindSpaceFlags.None, out nuint bottom);
        if (!result.IsSuccess)
        {
            return result;
        }

        // A stack ends where its pages fault.
        result = GiveBackRetained(bottom >> _pageShift, (bottom + guard + max) >> _pageShift);
        if (!result.IsSuccess)
        {
            UndoGrowth(mark);
            return result;
        }

        nuint end = bottom + guard + max;
        VmEntryAttributes stack = VmEntryAttributes.ReadWrite with
        {
            Kind = VmEntryKind.Stack,
            Tag = tag,
            GrowthReserve = max - initial,
        };
        result = InsertPages(ToRecord((end - initial) >> _pageShift, end >> _pageShift, stack));
        if (result.IsSuccess && guard != 0)
        {
            // Pages that have never been committed fault already: the entry only keeps them.
            VmEntryAttributes kept = new() { Kind = VmEntryKind.Guard, Tag = tag };
            result = InsertPages(ToRecord(bottom >> _pageShift, (bottom + guard) >> _pageShift, kept));
            if (!result.IsSuccess)
            {
                DeletePages((end - initial) >> _pageShift, end >> _pageShift).ThrowIfFailed();
            }
        }

        if (!result.IsSuccess)
        {
            UndoGrowth(mark);
            return result;
        }

        top = end;
        return VmResult.Success;
    }

    /// <summary>
    /// Commits the pages of a stack's growth reserve from an address up to the stack (<c>vm_map_growstack</c>).
    /// </summary>
    /// <param name="address">Any address; usually one that is about to be used.</param>
    /// <returns>
    /// Success, also when the address lies in no growth reserve, or in an entry, and nothing was done;
    /// <see cref="VmResult.NoSpace"/> when a neighbour is in the way: the reserve then shrinks to the space above it,
    /// which is the one failure that changes something; <see cref="VmResult.ResourceShortage"/> when the system
    /// refuses.
    /// </returns>
    /// <remarks>
    /// Takes the lock exclusively. The new pages have the attributes of the lowest piece, and the rest of the reserve
    /// goes on below them.
    /// </remarks>
    /// <exception cref="ObjectDisposedException">The map has been disposed of.</exception>
    public VmResult GrowStack(nuint address)
    {
        using VmMapLockScope scope = EnterWriteLock();
        ulong page = address >> _pageShift;
        if (!TryGetStackWithReserveAt(page, out EntryRecord stack))
        {
            return VmResult.Success;
        }

        bool hasBelow = _index.TryGetAtOrBelow(stack.Start - 1, out EntryRecord below);
        if (hasBelow && below.End > page)
        {
            stack.Detail.GrowthReserve = stack.Start - below.End;
            _index.Replace(stack.Start, stack);
            return VmResult.NoSpace;
        }

        if (EntryFlags.IsCommitted(stack.Flags))
        {
            EntryRecord grown = stack;
            grown.Start = page;
            grown.End = stack.Start;
            VmResult result = CommitPages(grown);
            if (!result.IsSuccess)
            {
                return result;
            }
        }

        MoveStackStart(stack, page);
        return VmResult.Success;
    }

    /// <summary>
    /// Gives the pages of a stack below an address back to the system and to its growth reserve.
    /// </summary>
    /// <param name="address">
    /// The lowest address still in use, rounded down to its page, in the lowest piece of a stack that has a reserve
    /// or had one.
    /// </param>
    /// <returns>
    /// Success; <see cref="VmResult.InvalidAddress"/> when the address lies in no stack's lowest piece;
    /// <see cref="VmResult.InvalidArgument"/> when that is wired; <see cref="VmResult.ResourceShortage"/> when the
    /// system refuses, or memory for records runs out.
    /// </returns>
    /// <remarks>Takes the lock exclusively.</remarks>
    /// <exception cref="ObjectDisposedException">The map has been disposed of.</exception>
    public VmResult ShrinkStack(nuint address)
    {
        using VmMapLockScope scope = EnterWriteLock();
        ulong page = address >> _pageShift;
        if (!_index.TryGetAtOrBelow(page, out EntryRecord stack) || stack.End <= page
            || EntryFlags.Kind(stack.Flags) != VmEntryKind.Stack || HasPieceBelow(stack))
        {
            return VmResult.InvalidAddress;
        }

        if (stack.Detail.WiredCount != 0)
        {
            return VmResult.InvalidArgument;
        }

        if (page == stack.Start)
        {
            return VmResult.Success;
        }

        // A stack that had grown to its limit has no reserve, and gets one now.
        if (!_index.TryReserve(1))
        {
            return VmResult.ResourceShortage;
        }

        if (EntryFlags.IsCommitted(stack.Flags))
        {
            VmResult result = DecommitPages(stack.Start, page);
            if (!result.IsSuccess)
            {
                return result;
            }
        }

        MoveStackStart(stack, page);
        return VmResult.Success;
    }

    private bool HasPieceBelow(in EntryRecord stack) =>
        stack.Start > _index.FirstPage
        && _index.TryGetAtOrBelow(stack.Start - 1, out EntryRecord below)
        && below.End == stack.Start
        && EntryFlags.Kind(below.Flags) == VmEntryKind.Stack
        && below.Tag == stack.Tag;

    /// <summary>
    /// The stack whose reserve, as it was asked for, has a page. Neighbours may have been put into it since; no
    /// reserve is longer than the longest there ever was, so the walk over them ends there.
    /// </summary>
    private bool TryGetStackWithReserveAt(ulong page, out EntryRecord stack)
    {
        ulong from = page + 1;
        while (_index.TryGetAtOrAbove(from, out stack) && stack.Start - page <= _longestReserve)
        {
            if (stack.Start - page <= stack.Detail.GrowthReserve)
            {
                return true;
            }

            from = stack.End;
        }

        return false;
    }

    /// <summary>Moves the lower end of a stack; what it loses its reserve gains, and the other way round.</summary>
    private void MoveStackStart(EntryRecord stack, ulong start)
    {
        ulong old = stack.Start;
        stack.Start = start;
        stack.Detail.GrowthReserve = unchecked(stack.Detail.GrowthReserve + start - old);
        _longestReserve = Math.Max(_longestReserve, stack.Detail.GrowthReserve);
        _mappedPageCount = unchecked(_mappedPageCount + old - start);
        if (EntryFlags.IsCommitted(stack.Flags))
        {
            _committedPageCount = unchecked(_committedPageCount + old - start);
        }

        _index.Replace(old, stack);
    }

    private nuint RoundUp(nuint byteCount, string name) => TryCountPages(byteCount, out ulong pageCount)
        ? ToByteCount(pageCount)
        : throw new ArgumentOutOfRangeException(name, byteCount, "Rounding up to whole pages wraps.");
}
