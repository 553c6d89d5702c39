using static TerraFX.Interop.Windows.ERROR;
using static TerraFX.Interop.Windows.MEM;
using static TerraFX.Interop.Windows.PAGE;

namespace NativeVm.Platform.Windows;

internal sealed unsafe partial class WindowsPlatform
{
    // How often a call is tried that takes back what an operation has begun.
    private const int Attempts = 4;

    protected override SystemReply ReserveCore(nuint byteCount, in Placement placement, out nuint address)
    {
        int error;
        if (placement.IsExact)
        {
            if (!IsInAddressSpace(placement.LowestAddress, byteCount))
            {
                address = 0;
                return Refusal(
                    SystemOperation.Reserve,
                    placement.LowestAddress,
                    byteCount,
                    RefusalReason.NoAddressSpace,
                    ERROR_INVALID_PARAMETER);
            }

            error = ReserveAt(placement.LowestAddress, byteCount, out address);
        }
        else if (placement.IsUnbounded && placement.Alignment <= AllocationGranularity)
        {
            error = ReserveAt(0, byteCount, out address);
        }
        else if (placement.IsUnbounded)
        {
            error = ReserveAligned(byteCount, placement.Alignment, out address);
        }
        else
        {
            error = ReserveBetween(byteCount, placement, out address);
        }

        return error == ERROR_SUCCESS
            ? SystemReply.Success
            : Refusal(
                SystemOperation.Reserve, placement.IsExact ? placement.LowestAddress : 0, byteCount, error);
    }

    protected override SystemReply ReleaseCore(nuint address, nuint byteCount)
    {
        // The blocks of an exclusion outlive the memory, and would leave out whatever comes to lie there next.
        if (Volatile.Read(ref _excludedBlockCount) > 0)
        {
            RemoveExclusion(address, byteCount);
        }

        int error = MayBePlaceholder ? ReleasePieces(address, byteCount) : Free(address, 0, MEM_RELEASE);
        return error == ERROR_SUCCESS
            ? SystemReply.Success
            : Refusal(SystemOperation.Release, address, byteCount, error);
    }

    /// <summary>A reservation of Windows is released whole or not at all.</summary>
    protected override SystemReply ReleaseTailCore(nuint address, nuint byteCount, nuint keepByteCount) =>
        Refusal(SystemOperation.ReleaseTail, address, byteCount, ERROR_NOT_SUPPORTED);

    private bool IsInAddressSpace(nuint address, nuint byteCount) =>
        address >= LowestAddress && address < HighestAddress && byteCount <= HighestAddress - address;

    /// <summary>Reserves at an address, or where the system likes.</summary>
    /// <param name="wanted">A multiple of the granularity, or 0 for anywhere.</param>
    /// <param name="byteCount">Length in bytes.</param>
    /// <param name="address">Where the reservation is; 0 when refused.</param>
    /// <returns>0, or the system's error number.</returns>
    private int ReserveAt(nuint wanted, nuint byteCount, out nuint address)
    {
        CountCall();
        address = _system.VirtualAlloc(wanted, byteCount, MEM_RESERVE, PAGE_NOACCESS);
        return address == 0 ? LastError() : ERROR_SUCCESS;
    }

    private int Free(nuint address, nuint byteCount, uint how)
    {
        CountCall();
        return _system.VirtualFree(address, byteCount, how) ? ERROR_SUCCESS : LastError();
    }

    /// <summary>Gives back what was reserved a moment ago; tried several times, for who asked knows nothing of it.</summary>
    /// <returns>0, or the system's error number, after which the addresses stay taken.</returns>
    private int GiveBack(nuint address)
    {
        int error = Free(address, 0, MEM_RELEASE);
        for (int i = 1; i < Attempts && error != ERROR_SUCCESS; i++)
        {
            error = Free(address, 0, MEM_RELEASE);
        }

        return error;
    }

    // A failed call without an error number would otherwise read as a success.
    private int LastError()
    {
        int error = _system.LastError();
        return error == ERROR_SUCCESS ? ERROR_INVALID_PARAMETER : error;
    }
}
