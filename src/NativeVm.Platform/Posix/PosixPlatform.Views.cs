using NativeVm.Platform.Posix.Native;
using NativeVm.Platform.Posix.Objects;

namespace NativeVm.Platform.Posix;

// Mappings of objects.
internal sealed partial class PosixPlatform
{
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
        SystemReply reply = MapView(
            SystemOperation.MapObject,
            address,
            byteCount,
            MapPlace.Replace,
            new(Own(handle), offset, protection, sharing),
            out _);
        if (reply.IsSuccess)
        {
            AdviseAgain(address, byteCount, traits);
        }

        return reply;
    }

    /// <inheritdoc/>
    /// <remarks>
    /// A place of one's own choosing is reserved first and then replaced, so that every kind of placement is the same
    /// for an object as for a reservation.
    /// </remarks>
    protected override SystemReply MapObjectAnywhereCore(
        nuint byteCount,
        MemoryObjectHandle handle,
        ulong offset,
        PageProtection protection,
        MappingSharing sharing,
        in Placement placement,
        out nuint address)
    {
        View view = new(Own(handle), offset, protection, sharing);
        if (placement.IsUnbounded && placement.Alignment <= _pageSize)
        {
            return MapView(SystemOperation.MapObjectAnywhere, 0, byteCount, MapPlace.Anywhere, view, out address);
        }

        SystemReply reply = ReserveCore(byteCount, placement, out nuint place);
        if (reply.IsRefused)
        {
            address = 0;
            return Refused(
                SystemOperation.MapObjectAnywhere, reply.Address, byteCount, reply.Reason, reply.ErrorNumber);
        }

        reply = MapView(SystemOperation.MapObjectAnywhere, place, byteCount, MapPlace.Replace, view, out address);
        if (reply.IsRefused)
        {
            _ = _binding.Unmap(place, byteCount);
        }

        return reply;
    }

    /// <inheritdoc/>
    protected override SystemReply UnmapObjectCore(nuint address, nuint byteCount, RangeTraits traits)
    {
        int error = _binding.MapOver(address, byteCount);
        if (error != 0)
        {
            SystemReply reply = Reply(SystemOperation.UnmapObject, address, byteCount, error);
            RestoreReservation(address, byteCount);
            return reply;
        }

        AdviseAgain(address, byteCount, traits);
        return SystemReply.Success;
    }

    /// <inheritdoc/>
    protected override SystemReply ReleaseObjectCore(nuint address, nuint byteCount) =>
        Reply(SystemOperation.ReleaseObject, address, byteCount, _binding.Unmap(address, byteCount));

    private SystemReply MapView(
        SystemOperation operation, nuint address, nuint byteCount, MapPlace place, in View view, out nuint mapped)
    {
        bool isHeld = false;
        mapped = 0;
        try
        {
            view.Handle.DangerousAddRef(ref isHeld);
            SystemReply reply = Check(operation, address, byteCount, view);
            if (reply.IsRefused)
            {
                return reply;
            }

            int error = _binding.MapObject(
                address, byteCount, place, view.Protection, view.Sharing, view.Handle.File, view.Offset, out mapped);
            reply = Reply(operation, address, byteCount, error, view.Protection);
            if (reply.IsRefused && place == MapPlace.Replace)
            {
                RestoreReservation(address, byteCount);
            }

            return reply;
        }
        finally
        {
            Release(view.Handle, isHeld);
        }
    }

    /// <summary>
    /// What the system would let pass and punish by a signal, or refuse without saying why: pages beyond the end, and
    /// writing what is open for reading.
    /// </summary>
    private SystemReply Check(SystemOperation operation, nuint address, nuint byteCount, in View view)
    {
        if (view.Sharing == MappingSharing.Shared
            && view.Handle.Access == MemoryObjectAccess.Read
            && (view.Protection & PageProtection.Write) != 0)
        {
            return Refused(operation, address, byteCount, RefusalReason.AccessDenied, ErrorNumbers.AccessDenied);
        }

        // Nobody else has the descriptor of a memory object, so its length is what it was made with.
        ulong length = view.Handle.ByteCount;
        int error = view.Handle.Kind == MemoryObjectKind.File ? _binding.Length(view.Handle.File, out length) : 0;
        if (error != 0)
        {
            return Reply(operation, address, byteCount, error);
        }

        ulong wholePages = (length + (_pageSize - 1)) & ~((ulong)_pageSize - 1);
        return view.Offset + byteCount <= wholePages
            ? SystemReply.Success
            : Refused(operation, address, byteCount, RefusalReason.InvalidRange, ErrorNumbers.Invalid);
    }

    /// <summary>
    /// After a refused replacement. Kernels have refused one after they had taken out what it was to replace; then
    /// the addresses are reserved again before anybody else is given them. In every other case they are still taken,
    /// and this does nothing.
    /// </summary>
    private void RestoreReservation(nuint address, nuint byteCount) => _ = TryMapAt(address, byteCount);

    /// <summary>
    /// Puts advice on a fresh mapping. By now the old one is gone, so an advice that the system refuses does not make
    /// the operation fail: what is lost is that the range merges with its neighbours.
    /// </summary>
    private void AdviseAgain(nuint address, nuint byteCount, RangeTraits traits)
    {
        if ((traits & RangeTraits.ExcludedFromCoreDumps) != 0 && Supports(PageAdvice.ExcludeFromCoreDumps))
        {
            _ = _binding.Advise(address, byteCount, PageAdvice.ExcludeFromCoreDumps);
        }

        if ((traits & RangeTraits.HugePages) != 0 && Supports(PageAdvice.HugePages))
        {
            _ = _binding.Advise(address, byteCount, PageAdvice.HugePages);
        }

        if ((traits & RangeTraits.ExcludedFromFork) != 0 && HasInheritance(PageInheritance.None))
        {
            _ = Inherit(address, byteCount, PageInheritance.None);
        }
    }

    /// <summary>What is to be mapped, and how.</summary>
    private readonly record struct View(
        PosixObjectHandle Handle, ulong Offset, PageProtection Protection, MappingSharing Sharing);
}
