using NativeVm.Platform;

namespace NativeVm.Reservations;

/// <summary>Finds the place of a map's first reservation.</summary>
/// <remarks>
/// A growable map grows upwards from its first reservation, into address space that it has not reserved and that
/// others may take meanwhile. Systems hand out addresses from one end of the address space; so the map begins in
/// the middle of it, at a random place, where the span that it may ever need is free now. Where a reservation can be
/// shortened, the system is asked for the whole span at that exact place and gets all but the beginning back: two
/// calls, where a look at the address space would read a text of it. Where it cannot (Windows), a query tells what is
/// free, in one call; either way only the beginning is ours afterwards. If the address space is crowded or limited, the
/// map begins wherever the system likes, and steps over what it meets when it grows.
/// </remarks>
internal static class ReservationPlacer
{
    private const int Tries = 8;

    /// <param name="platform">The system to ask.</param>
    /// <param name="byteCount">How much to reserve, and then how much has been: at least that.</param>
    /// <param name="maxByteCount">How much room there should be from the start of the reservation on.</param>
    /// <param name="placement">What the user asked for.</param>
    /// <param name="isPlaceholder">Whether by <see cref="VmPlatform.ReservePlaceholder"/>.</param>
    /// <param name="address">Where the reservation starts.</param>
    public static SystemReply Reserve(
        VmPlatform platform, ref nuint byteCount, nuint maxByteCount, in Placement placement, bool isPlaceholder, out nuint address)
    {
        if (maxByteCount > byteCount && placement.IsUnbounded
            && TryReserveWithRoom(platform, ref byteCount, maxByteCount, placement.Alignment, isPlaceholder, out address))
        {
            return SystemReply.Success;
        }

        return Reserve(platform, byteCount, placement, isPlaceholder, out address);
    }

    /// <summary>One reservation, of the kind that a map is made of.</summary>
    public static SystemReply Reserve(
        VmPlatform platform, nuint byteCount, in Placement placement, bool isPlaceholder, out nuint address) => isPlaceholder
        ? platform.ReservePlaceholder(byteCount, placement, out address)
        : platform.Reserve(byteCount, placement, out address);

    private static bool TryReserveWithRoom(
        VmPlatform platform, ref nuint byteCount, nuint maxByteCount, nuint alignment, bool isPlaceholder, out nuint address)
    {
        address = 0;
        nuint step = Math.Max(platform.AllocationGranularity, alignment);
        nuint span = platform.HighestAddress - platform.LowestAddress;
        if (maxByteCount > span)
        {
            return false;
        }

        // From an eighth to five eighths of the address space, or as far up as the room above still fits.
        nuint lowest = platform.LowestAddress + Math.Min(span / 8, span - maxByteCount);
        nuint highest = Math.Max(lowest, Math.Min(lowest + (span / 2), platform.HighestAddress - maxByteCount));
        for (int i = 0; i < Tries; i++)
        {
            nuint candidate = lowest + (nuint)Random.Shared.NextInt64((long)Math.Min((highest - lowest) + 1, long.MaxValue));
            candidate &= ~(step - 1);
            if (candidate < platform.LowestAddress)
            {
                continue;
            }

            if (TryReserveAt(platform, candidate, ref byteCount, maxByteCount, isPlaceholder))
            {
                address = candidate;
                return true;
            }
        }

        return false;
    }

    private static bool TryReserveAt(
        VmPlatform platform, nuint candidate, ref nuint byteCount, nuint maxByteCount, bool isPlaceholder)
    {
        if (!platform.Supports(PlatformCapabilities.ReleaseTail))
        {
            return platform.Query(candidate, out RegionInfo region).IsSuccess
                && region.State == PageState.Free
                && region.End - candidate >= maxByteCount
                && Reserve(platform, byteCount, Placement.At(candidate), isPlaceholder, out _).IsSuccess;
        }

        SystemReply whole = Reserve(platform, maxByteCount, Placement.At(candidate), isPlaceholder, out _);
        if (whole.IsRefused)
        {
            // A limit forbids the span, not the place: the beginning alone may still be had here.
            return whole.Reason != RefusalReason.AddressInUse
                && Reserve(platform, byteCount, Placement.At(candidate), isPlaceholder, out _).IsSuccess;
        }

        if (platform.ReleaseTail(candidate, maxByteCount, byteCount).IsSuccess)
        {
            return true;
        }

        if (platform.Release(candidate, maxByteCount).IsRefused)
        {
            // What cannot be given back is kept and used.
            byteCount = maxByteCount;
            return true;
        }

        // Since that call another thread may have taken the place; then this is refused, and the next one is tried.
        return Reserve(platform, byteCount, Placement.At(candidate), isPlaceholder, out _).IsSuccess;
    }
}
