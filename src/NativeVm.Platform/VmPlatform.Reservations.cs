namespace NativeVm.Platform;

public abstract partial class VmPlatform
{
    /// <summary>Takes a range of addresses, with no memory behind it: <c>mmap(PROT_NONE)</c>, <c>MEM_RESERVE</c>.</summary>
    /// <param name="byteCount">Length in bytes, a multiple of the page size, not 0.</param>
    /// <param name="placement">Where the range may lie.</param>
    /// <param name="address">Where it lies; 0 when refused.</param>
    /// <returns>
    /// Success, or a refusal: <see cref="RefusalReason.AddressInUse"/> for an exact place that is taken (nothing
    /// is ever replaced), <see cref="RefusalReason.NoAddressSpace"/> when no place fits,
    /// <see cref="RefusalReason.AddressSpaceLimit"/>, <see cref="RefusalReason.MappingLimit"/> or
    /// <see cref="RefusalReason.OutOfMemory"/>.
    /// </returns>
    /// <remarks>Costs the same for 64 KiB and 16 TiB. Other threads may reserve at the same time.</remarks>
    /// <exception cref="ArgumentException">
    /// The length is 0 or no multiple of the page size, or an exact address is no multiple of
    /// <see cref="AllocationGranularity"/>.
    /// </exception>
    public SystemReply Reserve(nuint byteCount, in Placement placement, out nuint address)
    {
        RequirePlacement(byteCount, placement);
        address = 0;
        return ReserveCore(byteCount, placement, out address);
    }

    /// <summary>Gives a whole reservation back, with all that is committed in it.</summary>
    /// <param name="address">Where the reservation starts.</param>
    /// <param name="byteCount">
    /// Its whole length in bytes. Where <see cref="PlatformCapabilities.RangesSpanReservations"/> is there, several
    /// reservations side by side may be released as one.
    /// </param>
    /// <returns>Success, or a refusal; the reservation is then still there.</returns>
    /// <exception cref="ArgumentException">The range is empty, unaligned or wraps.</exception>
    public SystemReply Release(nuint address, nuint byteCount)
    {
        RequireRange(address, byteCount);
        return ReleaseCore(address, byteCount);
    }

    /// <summary>Gives the upper part of a reservation back and keeps the lower.</summary>
    /// <param name="address">Where the reservation starts.</param>
    /// <param name="byteCount">Its whole length in bytes.</param>
    /// <param name="keepByteCount">How much of it to keep, a multiple of the page size, not 0, less than the length.</param>
    /// <returns>
    /// Success, or a refusal, which is <see cref="RefusalReason.NotSupported"/> where
    /// <see cref="PlatformCapabilities.ReleaseTail"/> is missing.
    /// </returns>
    /// <exception cref="ArgumentException">The range is empty, unaligned or wraps, or nothing would be kept or released.</exception>
    public SystemReply ReleaseTail(nuint address, nuint byteCount, nuint keepByteCount)
    {
        RequireRange(address, byteCount);
        RequireRange(address, keepByteCount);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(keepByteCount, byteCount);
        return ReleaseTailCore(address, byteCount, keepByteCount);
    }

    /// <summary>Implements <see cref="Reserve"/>; the arguments have been checked.</summary>
    /// <param name="byteCount">Length in bytes.</param>
    /// <param name="placement">Where the range may lie.</param>
    /// <param name="address">Where it lies; 0 when refused.</param>
    protected abstract SystemReply ReserveCore(nuint byteCount, in Placement placement, out nuint address);

    /// <summary>Implements <see cref="Release"/>; the arguments have been checked.</summary>
    /// <param name="address">Where the reservation starts.</param>
    /// <param name="byteCount">Its length in bytes.</param>
    protected abstract SystemReply ReleaseCore(nuint address, nuint byteCount);

    /// <summary>Implements <see cref="ReleaseTail"/>; the arguments have been checked.</summary>
    /// <param name="address">Where the reservation starts.</param>
    /// <param name="byteCount">Its length in bytes.</param>
    /// <param name="keepByteCount">How much of it to keep.</param>
    protected abstract SystemReply ReleaseTailCore(nuint address, nuint byteCount, nuint keepByteCount);
}
