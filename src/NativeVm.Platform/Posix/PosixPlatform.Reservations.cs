using NativeVm.Platform.Posix.Native;

namespace NativeVm.Platform.Posix;

internal sealed partial class PosixPlatform
{
    /// <inheritdoc/>
    /// <remarks>
    /// Below a limit (a lower bound of 0) the highest place that fits is taken, which leaves the lower addresses to
    /// those who need them more; between bounds, and within a distance, the place nearest to the middle.
    /// </remarks>
    protected override SystemReply ReserveCore(nuint byteCount, in Placement placement, out nuint address)
    {
        if (placement.IsExact)
        {
            return ReserveExactly(byteCount, placement.LowestAddress, out address);
        }

        nuint alignment = nuint.Max(placement.Alignment, _pageSize);
        if (!placement.IsUnbounded)
        {
            nuint lowest = placement.LowestAddress;
            nuint highest = placement.HighestAddress == 0 ? HighestAddress : placement.HighestAddress;
            nuint room = highest > lowest ? highest - lowest : 0;
            nuint slack = room > byteCount ? room - byteCount : 0;
            nuint preferred = lowest == 0 ? highest : lowest + (slack / 2);
            return ReserveBounded(byteCount, lowest, highest, alignment, preferred, out address);
        }

        return alignment == _pageSize
            ? ReserveAnywhere(byteCount, out address)
            : ReserveAligned(byteCount, alignment, out address);
    }

    /// <inheritdoc/>
    protected override SystemReply ReleaseCore(nuint address, nuint byteCount) =>
        Reply(SystemOperation.Release, address, byteCount, _binding.Unmap(address, byteCount));

    /// <inheritdoc/>
    protected override SystemReply ReleaseTailCore(nuint address, nuint byteCount, nuint keepByteCount)
    {
        nuint tail = address + keepByteCount;
        nuint tailByteCount = byteCount - keepByteCount;
        return Reply(SystemOperation.ReleaseTail, tail, tailByteCount, _binding.Unmap(tail, tailByteCount));
    }

    private SystemReply ReserveAnywhere(nuint byteCount, out nuint address) =>
        Reply(SystemOperation.Reserve, 0, byteCount, _binding.Map(byteCount, out address));

    private SystemReply ReserveExactly(nuint byteCount, nuint wanted, out nuint address)
    {
        address = 0;

        // The kernel gives the lowest addresses to privileged processes, and those above the default end to who names
        // one. Neither is an address that a reservation of ours may have.
        if (wanted < LowestAddress || wanted >= HighestAddress || byteCount > HighestAddress - wanted)
        {
            return Refused(
                SystemOperation.Reserve, wanted, byteCount, RefusalReason.NoAddressSpace, ErrorNumbers.NoMemory);
        }

        int error = TryMapAt(wanted, byteCount);
        if (error == 0)
        {
            address = wanted;
        }

        return Reply(SystemOperation.Reserve, wanted, byteCount, error);
    }

    /// <summary>
    /// Maps at an address or not at all. A kernel that takes the address for a hint maps elsewhere when it is taken;
    /// that mapping is given back, and the answer is the one a newer kernel gives.
    /// </summary>
    private int TryMapAt(nuint wanted, nuint byteCount)
    {
        int error = _binding.MapAt(wanted, byteCount, out nuint mapped);
        if (error != 0 || mapped == wanted)
        {
            return error;
        }

        error = _binding.Unmap(mapped, byteCount);
        return error == 0 ? ErrorNumbers.Exists : error;
    }
}
