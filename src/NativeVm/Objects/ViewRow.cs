using System.Runtime.InteropServices;
using NativeVm.Platform;

namespace NativeVm.Objects;

/// <summary>
/// Owns a range of addresses into which views of memory objects are put, one after the other from its start on.
/// </summary>
/// <remarks>
/// <para>
/// The views of a row touch: where one ends the next begins, which no sequence of independent mappings can promise.
/// What keeps the addresses for the views to come depends on the system, and is the difference between the derived
/// classes: part of a reservation is replaced (<see cref="ReservedViewRow"/>), an entry of a map is
/// (<see cref="MapViewRow"/>), or, where nothing can be replaced, the reservation is given up for the moment of the
/// mapping (<see cref="LooseViewRow"/>).
/// </para>
/// <para>
/// All of it is released together, when the last reference is gone. A reference that is added
/// (<see cref="SafeHandle.DangerousAddRef"/>) keeps the pages past a disposal. Not thread-safe but for the references.
/// </para>
/// </remarks>
internal abstract class ViewRow : SafeHandle
{
    // How often a place that somebody else took at the wrong moment is given up for another.
    private const int LostRaces = 16;

    // Where views end, because on some systems a call stays within one.
    private readonly List<nuint> _ends = [];

    protected ViewRow(VmPlatform platform, nuint address, nuint byteCount)
        : base(invalidHandleValue: 0, ownsHandle: true)
    {
        Platform = platform;
        Address = address;
        ByteCount = byteCount;
        SetHandle((nint)address);
    }

    /// <summary>Puts the views of a row into it.</summary>
    public delegate VmResult Filler(ViewRow row);

    public override bool IsInvalid => handle == 0;

    public VmPlatform Platform { get; }

    public nuint Address { get; }

    /// <summary>Bytes in the range, mapped or not.</summary>
    public nuint ByteCount { get; }

    /// <summary>Bytes from the start on that have views.</summary>
    public nuint MappedByteCount { get; private set; }

    /// <summary>Whether a view can take the place of another in one step that no access of another thread falls between.</summary>
    public abstract bool CanReplace { get; }

    /// <summary>Takes addresses and fills them, or leaves nothing behind.</summary>
    /// <param name="platform">The system; that of the map, if there is one.</param>
    /// <param name="map">The map that the row is to be an entry of, or null for a reservation of its own.</param>
    /// <param name="byteCount">Bytes in the range, a multiple of the allocation granularity.</param>
    /// <param name="placement">Where it may lie.</param>
    /// <param name="fill">Called again, with another row, when the addresses were lost to somebody else meanwhile.</param>
    /// <param name="row">The row; null unless it succeeds.</param>
    public static VmResult Make(
        VmPlatform platform, VmMap? map, nuint byteCount, in Placement placement, Filler fill, out ViewRow? row)
    {
        for (int lostRaces = 0; ; lostRaces++)
        {
            VmResult result = Take(platform, map, byteCount, placement, out row);
            if (!result.IsSuccess)
            {
                return result;
            }

            result = fill(row!);
            if (result.IsSuccess)
            {
                return result;
            }

            row!.Dispose();
            row = null;
            bool isRaceLost = result.Refusal.Reason == RefusalReason.AddressInUse && !placement.IsExact;
            if (!isRaceLost || lostRaces == LostRaces)
            {
                return result;
            }
        }
    }

    /// <summary>Puts a view behind those that are there.</summary>
    /// <param name="byteCount">A multiple of the allocation granularity; within the range.</param>
    /// <param name="source">The object.</param>
    /// <param name="offset">Where in the object the view begins.</param>
    /// <param name="protection">What may be done to its pages.</param>
    /// <param name="sharing">Where writes go.</param>
    /// <returns>Success, or the refusal; the row is then what it was.</returns>
    public VmResult Append(
        nuint byteCount, MemoryObjectHandle source, ulong offset, PageProtection protection, MappingSharing sharing)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(byteCount, ByteCount - MappedByteCount);
        _ends.EnsureCapacity(_ends.Count + 1);
        VmResult result = Map(Address + MappedByteCount, byteCount, source, offset, protection, sharing);
        if (result.IsSuccess)
        {
            MappedByteCount += byteCount;
            _ends.Add(MappedByteCount);
        }

        return result;
    }

    /// <summary>Writes what was changed in the first bytes of the row back to their file, and waits for it.</summary>
    /// <param name="byteCount">A multiple of the page size, not above what is mapped.</param>
    public SystemReply Synchronize(nuint byteCount)
    {
        if (Platform.Supports(PlatformCapabilities.RangesSpanReservations))
        {
            return byteCount == 0 ? SystemReply.Success : Platform.Synchronize(Address, byteCount);
        }

        nuint from = 0;
        for (int i = 0; from < byteCount; i++)
        {
            nuint to = Math.Min(_ends[i], byteCount);
            SystemReply reply = Platform.Synchronize(Address + from, to - from);
            if (reply.IsRefused)
            {
                return reply;
            }

            from = to;
        }

        return SystemReply.Success;
    }

    /// <summary>Puts a view in the place of what is there, in one step.</summary>
    public VmResult Replace(
        nuint position,
        nuint byteCount,
        MemoryObjectHandle source,
        ulong offset,
        PageProtection protection,
        MappingSharing sharing)
    {
        if (!CanReplace)
        {
            throw new InvalidOperationException("Views cannot be replaced on this system.");
        }

        return Map(Address + position, byteCount, source, offset, protection, sharing);
    }

    protected abstract VmResult Map(
        nuint address,
        nuint byteCount,
        MemoryObjectHandle source,
        ulong offset,
        PageProtection protection,
        MappingSharing sharing);

    protected static VmResult ToResult(in SystemReply reply) =>
        reply.IsRefused ? VmResult.Refused(reply) : VmResult.Success;

    private static VmResult Take(
        VmPlatform platform, VmMap? map, nuint byteCount, in Placement placement, out ViewRow? row)
    {
        if (map is not null)
        {
            VmResult result = MapViewRow.Take(map, byteCount, placement, out MapViewRow? inMap);
            row = inMap;
            return result;
        }

        bool isReplaceable = platform.Supports(PlatformCapabilities.Placeholders);
        SystemReply reply = isReplaceable
            ? platform.ReservePlaceholder(byteCount, placement, out nuint address)
            : platform.Reserve(byteCount, placement, out address);
        row = reply.IsRefused ? null
            : isReplaceable ? new ReservedViewRow(platform, address, byteCount)
            : new LooseViewRow(platform, address, byteCount);
        return ToResult(reply);
    }
}
