using NativeVm.Changes;
using NativeVm.Index;
using NativeVm.Platform;

namespace NativeVm;

public sealed partial class VmMap
{
    /// <summary>
    /// Removes all that entries have of a range, and gives its pages back to the system (<c>vm_map_delete</c>).
    /// </summary>
    /// <param name="start">First address, a multiple of the page size.</param>
    /// <param name="byteCount">Bytes, rounded up to whole pages; 0 succeeds and changes nothing.</param>
    /// <returns>
    /// Success; <see cref="VmResult.InvalidAddress"/> for a range that wraps or reaches outside the map;
    /// <see cref="VmResult.InvalidArgument"/> when a submap has a page of it, or an end lies inside an explicit huge page,
    /// or inside a mapping of an object where those go only as wholes (<see cref="ClipsObjects"/>);
    /// <see cref="VmResult.ResourceShortage"/> when the system refuses.
    /// </returns>
    /// <remarks>
    /// Holes are fine. Entries that reach over an end of the range are clipped there. Foreign entries stay. A guard that
    /// was found together with an entry goes when the end of the entry that it stands at does. Pages
    /// leave the resident set before this returns, in one call to the system wherever one can span the range.
    /// </remarks>
    /// <exception cref="SynchronizationLockException">This thread does not hold the lock exclusively.</exception>
    /// <exception cref="ArgumentException">The start is unaligned.</exception>
    /// <exception cref="ObjectDisposedException">The map has been disposed of.</exception>
    public VmResult Delete(nuint start, nuint byteCount)
    {
        RequireWriteLock();
        return TryGetPages(start, byteCount, out ulong first, out ulong end)
            ? DeletePages(first, end)
            : VmResult.InvalidAddress;
    }

    /// <summary>As <see cref="Delete"/>, taking the lock itself (<c>vm_map_remove</c>).</summary>
    /// <param name="start">First address, a multiple of the page size.</param>
    /// <param name="byteCount">Bytes, rounded up to whole pages; 0 succeeds and changes nothing.</param>
    /// <returns>As <see cref="Delete"/>.</returns>
    /// <exception cref="ArgumentException">The start is unaligned.</exception>
    /// <exception cref="ObjectDisposedException">The map has been disposed of.</exception>
    public VmResult Remove(nuint start, nuint byteCount)
    {
        using VmMapLockScope scope = EnterWriteLock();
        return Delete(start, byteCount);
    }

    private VmResult DeletePages(ulong first, ulong end)
    {
        if (first == end)
        {
            return VmResult.Success;
        }

        if (_hasOwnedGuards)
        {
            WidenToGuards(ref first, ref end);
        }

        // Addresses without memory are most of what is deleted often, and nobody but the index knows of them.
        if (_index.TryRemovePlain(first, end, EntryFlags.MoreThanAddresses))
        {
            _mappedPageCount -= end - first;
            return VmResult.Success;
        }

        return DeleteRange(first, end);
    }

    private VmResult DeleteRange(ulong first, ulong end)
    {
        if (CutsView(first, end))
        {
            return VmResult.InvalidArgument;
        }

        bool hasForeign = false;
        bool isWired = false;
        ulong mapped = 0;
        ulong committed = 0;
        for (ulong page = first; page < end && TryGetRecordEndingAbove(page, out EntryRecord record) && record.Start < end; page = record.End)
        {
            switch (EntryFlags.Kind(record.Flags))
            {
                case VmEntryKind.Submap:
                    return VmResult.InvalidArgument;
                case VmEntryKind.Foreign:
                    hasForeign = true;
                    break;
                default:
                    if (SplitsExplicitHuge(record, first, end))
                    {
                        return VmResult.InvalidArgument;
                    }

                    ulong pageCount = Math.Min(record.End, end) - Math.Max(record.Start, first);
                    mapped += pageCount;
                    isWired |= record.Detail.WiredCount != 0;
                    committed += EntryFlags.IsCommitted(record.Flags) ? pageCount : 0;
                    break;
            }
        }

        // The two clips.
        if (!_index.TryReserve(2))
        {
            return VmResult.ResourceShortage;
        }

        UnlockChange unlock = default;
        SystemReply unlocked = isWired ? Act(first, end, unlock) : SystemReply.Success;
        if (unlocked.IsRefused)
        {
            return VmResult.Refused(unlocked);
        }

        VmResult result = committed == 0 ? VmResult.Success : DecommitPages(first, end);
        if (!result.IsSuccess)
        {
            if (isWired)
            {
                Undo(first, end, unlock);
            }

            return result;
        }

        _mappedPageCount -= mapped;
        _committedPageCount -= committed;
        RemoveRecords(first, end, hasForeign);
        if (_retained is not null)
        {
            Relax();
        }

        return VmResult.Success;
    }

    private void RemoveRecords(ulong first, ulong end, bool hasForeign)
    {
        ClipAt(first);
        ClipAt(end);
        if (!hasForeign)
        {
            _index.RemoveRange(first, end);
            return;
        }

        for (ulong page = first; _index.TryGetAtOrAbove(page, out EntryRecord record) && record.Start < end; page = record.End)
        {
            if (EntryFlags.Kind(record.Flags) != VmEntryKind.Foreign)
            {
                _index.Remove(record.Start);
            }
        }
    }
}
