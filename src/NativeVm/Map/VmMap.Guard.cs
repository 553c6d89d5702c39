using NativeVm.Changes;
using NativeVm.Index;
using NativeVm.Platform;

namespace NativeVm;

/// <content>
/// Guards: entries of kind <see cref="VmEntryKind.Guard"/>, whose pages fault on every access. A guard over pages with
/// memory is installed in them: as a guard region, which adds no mapping, where the system has those, as a protection
/// elsewhere. A guard over pages without memory costs nothing, because such pages fault already. The entry keeps what
/// the pages were, so that removing the guard brings it back. Guards that were found together with an entry are marked
/// as belonging to it, and removal takes them along.
/// </content>
public sealed partial class VmMap
{
    // Whether there may be guards that go with a neighbour; maps without any do not look for them.
    private bool _hasOwnedGuards;

    private bool HasGuardRegions => _platform.Supports(PlatformCapabilities.GuardRegions);

    /// <summary>Makes every access to a range fault until the guard is removed, in or around any entries.</summary>
    /// <param name="start">First address, a multiple of the page size.</param>
    /// <param name="byteCount">Bytes, rounded up to whole pages; 0 changes nothing.</param>
    /// <returns>
    /// Success, also where there is a guard already; <see cref="VmResult.InvalidAddress"/> when the range has a hole or
    /// reaches outside the map; <see cref="VmResult.InvalidArgument"/> when an entry is a submap or foreign, is wired,
    /// has an object or explicit huge pages behind it, or is a stack whose lowest page, which it grows from, is in the
    /// range; <see cref="VmResult.ResourceShortage"/> when the system refuses: the contents may then be lost.
    /// </returns>
    /// <remarks>
    /// <para>
    /// Takes the lock exclusively. The contents are given up. Linux 6.13 and newer: <c>MADV_GUARD_INSTALL</c>, no
    /// mapping is added (<see cref="PlatformCapabilities.GuardRegions"/>); elsewhere the pages lose their protection, which
    /// splits mappings.
    /// </para>
    /// <para>
    /// A guard is passed over by <see cref="Commit"/>; <see cref="Decommit(nuint, nuint)"/> takes its memory and leaves the guard;
    /// <see cref="Protect"/> changes what its pages get back; it cannot be wired; it counts as mapped, and as
    /// committed if its pages were.
    /// </para>
    /// </remarks>
    /// <exception cref="ArgumentException">The start is unaligned.</exception>
    /// <exception cref="ObjectDisposedException">The map has been disposed of.</exception>
    public VmResult Guard(nuint start, nuint byteCount)
    {
        using VmMapLockScope scope = EnterWriteLock();
        if (!TryGetPages(start, byteCount, out ulong first, out ulong end))
        {
            return VmResult.InvalidAddress;
        }

        VmResult ready = GiveBackRetained(first, end);
        if (!ready.IsSuccess)
        {
            return ready;
        }

        GuardChange change = new(first);
        return first < end && _index.TryGoToAtOrBelow(first, out EntryRecord around) && around.End >= end
            && change.Affects(around)
            ? GuardInside(first, end, around, change)
            : Change(first, end, change);
    }

    /// <summary>Removes guards: their pages are again what they were, with the contents gone.</summary>
    /// <param name="start">First address, a multiple of the page size; what lies outside the map is left out.</param>
    /// <param name="byteCount">Bytes, rounded up to whole pages; 0 changes nothing.</param>
    /// <returns>
    /// Success, also where there is no guard; <see cref="VmResult.InvalidArgument"/> when an entry is a submap;
    /// <see cref="VmResult.ResourceShortage"/> when the system refuses.
    /// </returns>
    /// <remarks>
    /// Takes the lock exclusively. Holes, and entries that are no guards, are skipped. The pages read as zeros where
    /// <see cref="PlatformCapabilities.PurgeReadsZero"/> is there. A guard that belonged to an entry is one no more.
    /// </remarks>
    /// <exception cref="ArgumentException">The start is unaligned.</exception>
    /// <exception cref="ObjectDisposedException">The map has been disposed of.</exception>
    public VmResult Unguard(nuint start, nuint byteCount)
    {
        using VmMapLockScope scope = EnterWriteLock();
        ClampToMap(start, byteCount, out ulong first, out ulong end);
        return Change(first, end, default(UnguardChange));
    }

    /// <summary>The usual case of <see cref="Guard"/>, a range inside one entry, without looking the entry up again.</summary>
    private VmResult GuardInside(ulong first, ulong end, EntryRecord around, in GuardChange change)
    {
        VmResult result = change.Check(around);
        if (!result.IsSuccess)
        {
            return result;
        }

        if (!_index.TryReserve(2))
        {
            return VmResult.ResourceShortage;
        }

        if (EntryFlags.IsCommitted(around.Flags))
        {
            SystemReply reply = HasGuardRegions ? SystemReply.Success : MayAddMappings(first, end, change);
            reply = reply.IsSuccess ? ActOnRun(first, first, end, 0, change) : reply;
            if (reply.IsRefused)
            {
                return VmResult.Refused(reply);
            }
        }

        ulong old = around.Start;
        EntryRecord guard = around;
        bool hasTail = guard.End > end;
        if (first > old && hasTail && !around.HasDetail)
        {
            change.Apply(ref guard);
            _index.Cut(old, first, end, guard.Flags);
            return result;
        }

        EntryRecord tail = hasTail ? ClipTail(ref guard, end) : default;
        if (first > old)
        {
            EntryRecord head = guard;
            guard = ClipTail(ref head, first);
            change.Apply(ref guard);
            _index.Replace(old, head);
            _index.Insert(guard);
        }
        else
        {
            change.Apply(ref guard);
            _index.Replace(old, guard);
        }

        if (hasTail)
        {
            _index.Insert(tail);
        }

        // Guards side by side are one; what is left of the entry continues nothing.
        if (!hasTail || first == old)
        {
            Simplify(first, end);
        }

        return result;
    }

    /// <summary>Widens what is to be removed by the guards that go with the entries at its ends.</summary>
    private void WidenToGuards(ref ulong first, ref ulong end)
    {
        if (first > _index.FirstPage && _index.TryGetAtOrBelow(first - 1, out EntryRecord below) && below.End == first
            && (below.Flags & EntryFlags.GuardOfAbove) != 0)
        {
            first = below.Start;
        }

        if (_index.TryGetAtOrAbove(end, out EntryRecord above) && above.Start == end
            && (above.Flags & EntryFlags.GuardOfBelow) != 0)
        {
            end = above.End;
        }
    }
}
