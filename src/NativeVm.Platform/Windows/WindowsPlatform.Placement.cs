using TerraFX.Interop.Windows;
using static TerraFX.Interop.Windows.ERROR;
using static TerraFX.Interop.Windows.MEM;

namespace NativeVm.Platform.Windows;

internal sealed unsafe partial class WindowsPlatform
{
    // How often a place that was free a moment ago may be lost to another thread before the walk is tried instead.
    private const int LostRaces = 16;

    /// <summary>Reserves at a multiple of an alignment above the granularity.</summary>
    /// <returns>0, or the system's error number.</returns>
    private int ReserveAligned(nuint byteCount, nuint alignment, out nuint address)
    {
        if (Has(WindowsFeatures.Alignment)
            && TryReserveWhere(byteCount, LowestAddress, HighestAddress, 0, 0, alignment, out address))
        {
            return ERROR_SUCCESS;
        }

        // A range that is longer by the alignment has an aligned one inside. It is released before that one is asked
        // for, as Windows cannot release the ends alone; whoever takes part of it in between costs another try.
        nuint slack = alignment - AllocationGranularity;
        for (int i = 0; i < LostRaces && byteCount <= nuint.MaxValue - slack; i++)
        {
            if (ReserveAt(0, byteCount + slack, out nuint wider) != ERROR_SUCCESS)
            {
                break;
            }

            nuint aligned = (wider + slack) & ~(alignment - 1);
            int error = GiveBack(wider);
            if (error != ERROR_SUCCESS)
            {
                address = 0;
                return error;
            }

            if (ReserveAt(aligned, byteCount, out address) == ERROR_SUCCESS)
            {
                return ERROR_SUCCESS;
            }
        }

        return ReserveByWalk(byteCount, LowestAddress, HighestAddress, alignment, out address);
    }

    /// <summary>Reserves inside bounds.</summary>
    /// <returns>0, or the system's error number.</returns>
    private int ReserveBetween(nuint byteCount, in Placement placement, out nuint address)
    {
        nuint granularity = AllocationGranularity;
        nuint alignment = Math.Max(placement.Alignment, granularity);
        nuint lowest = Math.Max(placement.LowestAddress, LowestAddress);
        nuint highest = placement.HighestAddress == 0
            ? HighestAddress
            : Math.Min(placement.HighestAddress, HighestAddress);
        if (lowest >= highest || byteCount > highest - lowest)
        {
            address = 0;
            return ERROR_NOT_ENOUGH_MEMORY;
        }

        // The system takes bounds in whole granules only. Rounded inwards they lose no place at the lower end, and
        // at the upper end at most one, for a length that is no multiple of the granularity: the walk finds it.
        nuint from = (lowest + granularity - 1) & ~(granularity - 1);
        nuint to = highest & ~(granularity - 1);
        bool isBoundBelow = lowest > LowestAddress;
        WindowsFeatures needed = WindowsFeatures.HighestAddress
            | (isBoundBelow ? WindowsFeatures.LowestAddress : WindowsFeatures.None)
            | (alignment > granularity ? WindowsFeatures.Alignment : WindowsFeatures.None);
        if (Has(needed) && from < to && TryReserveWhere(
                byteCount,
                lowest,
                highest,
                isBoundBelow ? from : 0,
                to < HighestAddress ? to : 0,
                alignment > granularity ? alignment : 0,
                out address))
        {
            return ERROR_SUCCESS;
        }

        return ReserveByWalk(byteCount, lowest, highest, alignment, out address);
    }

    /// <summary>
    /// Lets <c>VirtualAlloc2</c> choose, and gives back what it chose when that is not what was asked for.
    /// </summary>
    private bool TryReserveWhere(
        nuint byteCount, nuint lowest, nuint highest, nuint from, nuint to, nuint alignment, out nuint address)
    {
        CountCall();
        address = WindowsProbe.ReserveWhere(_system, byteCount, from, to, alignment);
        if (address == 0)
        {
            return false;
        }

        if (address >= lowest
            && address <= highest
            && byteCount <= highest - address
            && (alignment == 0 || (address & (alignment - 1)) == 0))
        {
            return true;
        }

        _ = GiveBack(address);
        address = 0;
        return false;
    }

    /// <summary>
    /// Asks for every place that <c>VirtualQuery</c> calls free, lowest first, for each exactly: a place that
    /// somebody else takes in between is refused, and the walk goes on from what is there then.
    /// </summary>
    /// <returns>0, or the error number to report when no place was left.</returns>
    private int ReserveByWalk(nuint byteCount, nuint lowest, nuint highest, nuint alignment, out nuint address)
    {
        nuint position = lowest;
        nuint refusedFreeRegionEnd = 0;
        nuint step = alignment;
        while (TryAlign(position, alignment, out nuint candidate)
            && candidate < highest
            && byteCount <= highest - candidate
            && QueryRegion(candidate, out MEMORY_BASIC_INFORMATION region))
        {
            nuint regionEnd = EndOf(region);
            if (region.State != MEM_FREE || byteCount > regionEnd - candidate)
            {
                position = regionEnd;
                continue;
            }

            int error = ReserveAt(candidate, byteCount, out address);
            if (error != ERROR_INVALID_ADDRESS)
            {
                return error;
            }

            // Refused though free: somebody has just taken it, and the next query shows it; or it belongs to
            // something that the query does not show, as the host's own mappings are hidden from a process under
            // Wine. The second is passed in growing steps, so that the walk ends.
            if (regionEnd == refusedFreeRegionEnd)
            {
                step = step <= nuint.MaxValue / 2 ? step * 2 : step;
            }
            else
            {
                refusedFreeRegionEnd = regionEnd;
                step = alignment;
            }

            position = candidate <= nuint.MaxValue - step ? candidate + step : nuint.MaxValue;
        }

        address = 0;
        return ERROR_NOT_ENOUGH_MEMORY;
    }

    private static bool TryAlign(nuint address, nuint alignment, out nuint aligned)
    {
        aligned = unchecked(address + alignment - 1) & ~(alignment - 1);
        return aligned >= address;
    }
}
