using System.Numerics;
using NativeVm.Platform;

namespace NativeVm.Objects;

/// <summary>
/// A row inside a map: entries without access keep the addresses, and views take their place. The map may be disposed
/// of before the row; the pages then stay until the row goes too.
/// </summary>
/// <remarks>A row that is forgotten undisposed leaves its entries in the map: a finalizer does not take a map's lock.</remarks>
internal sealed class MapViewRow : ViewRow
{
    private readonly VmMap _map;
    private bool _isForgotten = true;

    private MapViewRow(VmMap map, nuint address, nuint byteCount)
        : base(map.Platform, address, byteCount)
    {
        _map = map;
        bool isHeld = false;
        map.Handle.DangerousAddRef(ref isHeld);
    }

    public override bool CanReplace => _map.ReplacesAtomically;

    public static VmResult Take(VmMap map, nuint byteCount, in Placement placement, out MapViewRow? row)
    {
        row = null;
        using VmMapLockScope scope = map.EnterWriteLock();
        VmResult result;
        nuint address = placement.LowestAddress;
        if (placement.IsExact)
        {
            result = map.FindFixed(address, byteCount, VmEntryAttributes.Reserved);
        }
        else
        {
            nuint alignment = BitOperations.RoundUpToPowerOf2(
                Math.Max(placement.Alignment, map.Platform.AllocationGranularity));
            result = map.FindForObjects(address, byteCount, alignment, out address);
            if (result.IsSuccess && placement.HighestAddress != 0
                && (byteCount > placement.HighestAddress || address > placement.HighestAddress - byteCount))
            {
                _ = map.Remove(address, byteCount);
                result = VmResult.NoSpace;
            }
        }

        row = result.IsSuccess ? new MapViewRow(map, address, byteCount) : null;
        return result;
    }

    protected override VmResult Map(
        nuint address,
        nuint byteCount,
        MemoryObjectHandle source,
        ulong offset,
        PageProtection protection,
        MappingSharing sharing) =>
        _map.MapObjectFixed(address, byteCount, source, offset, protection, sharing, replace: true);

    protected override void Dispose(bool disposing)
    {
        _isForgotten = !disposing;
        base.Dispose(disposing);
    }

    protected override bool ReleaseHandle()
    {
        bool isReleased = true;
        if (!_isForgotten)
        {
            try
            {
                isReleased = _map.Remove(Address, ByteCount).IsSuccess || _map.Remove(Address, ByteCount).IsSuccess;
            }
            catch (ObjectDisposedException)
            {
                // The map's pages go with the last reference to them, which may be this one.
                isReleased = true;
            }
        }

        _map.Handle.DangerousRelease();
        return isReleased;
    }
}
