using NativeVm.Platform;

namespace NativeVm.Testing;

// Mappings of objects.
public sealed partial class SimulatedPlatform
{
    private long _lastView;

    /// <inheritdoc/>
    protected override SystemReply MapObjectCore(
        nuint address,
        nuint byteCount,
        MemoryObjectHandle handle,
        ulong offset,
        PageProtection protection,
        MappingSharing sharing,
        RangeTraits traits)
    {
        lock (_gate)
        {
            SimulatedFile file = Own(handle);
            RequireReplaceable(SystemOperation.MapObject, address, byteCount);
            CountSystemCall();
            RefusalReason reason = Supports(PlatformCapabilities.Placeholders)
                ? WhyNotMapped(file, handle.Access, byteCount, offset, protection, sharing)
                : RefusalReason.NotSupported;
            if (reason != RefusalReason.None)
            {
                return Refuse(SystemOperation.MapObject, address, byteCount, reason);
            }

            RunAttributes view = ViewOf(handle, address, offset, protection, sharing) with { Traits = traits };
            return Edit(SystemOperation.MapObject, address, byteCount, run => view with { Owner = run.Owner });
        }
    }

    /// <inheritdoc/>
    protected override SystemReply MapObjectAnywhereCore(
        nuint byteCount,
        MemoryObjectHandle handle,
        ulong offset,
        PageProtection protection,
        MappingSharing sharing,
        in Placement placement,
        out nuint address)
    {
        lock (_gate)
        {
            const SystemOperation Operation = SystemOperation.MapObjectAnywhere;
            SimulatedFile file = Own(handle);
            CountSystemCall();
            address = 0;
            nuint askedFor = placement.IsExact ? placement.LowestAddress : 0;
            RefusalReason reason = WhyNotMapped(file, handle.Access, byteCount, offset, protection, sharing);
            nuint place = 0;
            reason = reason == RefusalReason.None ? FindPlace(byteCount, placement, out place) : reason;
            if (reason != RefusalReason.None)
            {
                return Refuse(Operation, askedFor, byteCount, reason);
            }

            RunAttributes view = ViewOf(handle, place, offset, protection, sharing);
            return Take(Operation, place, byteCount, ReservationKind.View, view, out address);
        }
    }

    /// <inheritdoc/>
    protected override SystemReply UnmapObjectCore(nuint address, nuint byteCount, RangeTraits traits)
    {
        lock (_gate)
        {
            RequireReserved(SystemOperation.UnmapObject, address, byteCount);
            if (!SpansReservations)
            {
                RequireWholeView(SystemOperation.UnmapObject, address, byteCount);
            }

            CountSystemCall();
            return Edit(
                SystemOperation.UnmapObject,
                address,
                byteCount,
                run => RunAttributes.Reserved(run.Owner) with { Traits = traits });
        }
    }

    /// <inheritdoc/>
    protected override SystemReply ReleaseObjectCore(nuint address, nuint byteCount)
    {
        lock (_gate)
        {
            RequireWholeReservations(SystemOperation.ReleaseObject, address, byteCount);
            RequireKind(SystemOperation.ReleaseObject, address, byteCount, isView: true);
            CountSystemCall();
            SystemReply reply = Edit(SystemOperation.ReleaseObject, address, byteCount, static _ => RunAttributes.Free);
            if (reply.IsSuccess)
            {
                ForgetReservations(address);
            }

            return reply;
        }
    }

    /// <inheritdoc/>
    protected override SystemReply SynchronizeCore(nuint address, nuint byteCount)
    {
        lock (_gate)
        {
            RequireInside(SystemOperation.Synchronize, address, byteCount);
            CollectInRange(address, byteCount);
            int hole = _inRange.FindIndex(static run => run.Attributes.IsFree);
            if (hole < 0 || !SpansReservations)
            {
                RequireReserved(SystemOperation.Synchronize, address, byteCount);
            }

            if (!SpansReservations && !_inRange[0].Attributes.Backing.IsObject)
            {
                ThrowUnlawful(
                    SystemOperation.Synchronize, address, byteCount, $"{PagesOf(_inRange[0])} are no object's");
            }

            CountSystemCall();
            return hole < 0
                ? SystemReply.Success
                : Refuse(SystemOperation.Synchronize, address, byteCount, RefusalReason.InvalidRange);
        }
    }

    private RefusalReason WhyNotMapped(
        SimulatedFile file,
        MemoryObjectAccess access,
        nuint byteCount,
        ulong offset,
        PageProtection protection,
        MappingSharing sharing)
    {
        if (sharing == MappingSharing.Shared
            && access == MemoryObjectAccess.Read
            && protection.HasFlag(PageProtection.Write))
        {
            return RefusalReason.AccessDenied;
        }

        return offset + byteCount > WholePages(file.ByteCount) ? RefusalReason.InvalidRange : RefusalReason.None;
    }

    private RunAttributes ViewOf(
        MemoryObjectHandle handle,
        nuint address,
        ulong offset,
        PageProtection protection,
        MappingSharing sharing) => new()
        {
            State = PageState.Committed,
            Protection = Effective(protection),
            IsDirty = true,
            Backing = new()
            {
                Object = Own(handle).Id,
                Phase = unchecked(offset - address),
                Sharing = sharing,
                IsReadOnly = sharing == MappingSharing.Shared && handle.Access == MemoryObjectAccess.Read,
                View = SpansReservations ? 0 : ++_lastView,
            },
        };

    /// <summary>An access beyond the end of a file ends the process, however lawful the mapping was when it was made.</summary>
    private void RequireInsideObject(in Run run, nuint address, nuint byteCount)
    {
        BackingKey backing = run.Attributes.Backing;
        if (!backing.IsObject)
        {
            return;
        }

        nuint end = nuint.Min(run.End, address + byteCount);
        ulong length = _objects[backing.Object].ByteCount;
        if (unchecked(backing.Phase + end) > WholePages(length))
        {
            ThrowUnlawful(
                SystemOperation.None,
                address,
                byteCount,
                $"the object behind {PagesOf(run)} is {length:N0} bytes long now, and the access lies beyond its end");
        }
    }

    private ulong WholePages(ulong byteCount) => (byteCount + (PageSize - 1)) & ~((ulong)PageSize - 1);
}
