using TerraFX.Interop.Windows;
using static TerraFX.Interop.Windows.ERROR;
using static TerraFX.Interop.Windows.MEM;
using static TerraFX.Interop.Windows.PAGE;

namespace NativeVm.Platform.Windows;

// A placeholder reservation is a row of placeholders, views and private allocations that replaced placeholders.
// VirtualQuery tells a view from the rest, and not a placeholder from an allocation that is only reserved, so what a
// range consists of is found out by trying.
internal sealed unsafe partial class WindowsPlatform
{
    // Whether there has been any: a process without placeholders pays nothing for them.
    private int _hasPlaceholders;

    private bool MayBePlaceholder => Volatile.Read(ref _hasPlaceholders) != 0;

    protected override SystemReply ReservePlaceholderCore(nuint byteCount, in Placement placement, out nuint address)
    {
        const SystemOperation Operation = SystemOperation.ReservePlaceholder;
        address = 0;
        nuint wanted = placement.IsExact ? placement.LowestAddress : 0;
        if (!Has(WindowsFeatures.Placeholders))
        {
            return Refusal(Operation, wanted, byteCount, ERROR_NOT_SUPPORTED);
        }

        Volatile.Write(ref _hasPlaceholders, 1);
        int error = ERROR_INVALID_ADDRESS;
        bool isFree = placement.IsUnbounded && placement.Alignment <= AllocationGranularity;
        for (int i = 0; i < LostRaces && error == ERROR_INVALID_ADDRESS; i++)
        {
            nuint place = 0;
            SystemReply reply = isFree ? SystemReply.Success : FindPlace(byteCount, placement, out place);
            if (reply.IsRefused)
            {
                return Refusal(Operation, wanted, byteCount, reply.Reason, reply.ErrorNumber);
            }

            CountCall();
            address = _system.VirtualAlloc2(
                place, byteCount, MEM_RESERVE | MEM_RESERVE_PLACEHOLDER, PAGE_NOACCESS, null);
            error = address == 0 ? LastError() : ERROR_SUCCESS;
        }

        return error == ERROR_SUCCESS ? SystemReply.Success : Refusal(Operation, wanted, byteCount, error);
    }

    /// <remarks>Only in a placeholder: a reservation of another kind cannot be replaced.</remarks>
    protected override SystemReply CommitHugePagesCore(
        nuint address, nuint byteCount, PageProtection protection, RangeTraits traits)
    {
        int error = Has(WindowsFeatures.Placeholders) ? Isolate(address, byteCount) : ERROR_NOT_SUPPORTED;
        error = error == ERROR_SUCCESS ? Replace(address, byteCount, MEM_LARGE_PAGES, ToSystem(protection)) : error;
        return error == ERROR_SUCCESS
            ? SystemReply.Success
            : Refusal(SystemOperation.CommitHugePages, address, byteCount, error);
    }

    /// <summary>
    /// Makes a range of placeholders one placeholder of exactly that range. Refused half-way it leaves more of them
    /// than there were, which nobody but the counter of regions can tell.
    /// </summary>
    private int Isolate(nuint address, nuint byteCount)
    {
        nuint end = address + byteCount;
        nuint position = address;
        int pieces = 0;
        while (position < end)
        {
            if (!QueryRegion(position, out MEMORY_BASIC_INFORMATION region) || region.State != MEM_RESERVE)
            {
                return ERROR_INVALID_ADDRESS;
            }

            nuint pieceEnd = Math.Min(EndOf(region), end);
            bool isCut = (nuint)region.AllocationBase < position || EndOf(region) > end;
            int error = isCut ? Free(position, pieceEnd - position, MEM_RELEASE | MEM_PRESERVE_PLACEHOLDER) : ERROR_SUCCESS;
            if (error != ERROR_SUCCESS)
            {
                return error;
            }

            position = pieceEnd;
            pieces++;
        }

        return pieces > 1 ? Free(address, byteCount, MEM_RELEASE | MEM_COALESCE_PLACEHOLDERS) : ERROR_SUCCESS;
    }

    private int Replace(nuint address, nuint byteCount, uint further, uint protection)
    {
        CountCall();
        return _system.VirtualAlloc2(
            address, byteCount, MEM_RESERVE | MEM_COMMIT | MEM_REPLACE_PLACEHOLDER | further, protection, null) != 0
            ? ERROR_SUCCESS
            : LastError();
    }

    /// <summary>
    /// Commits a range of several allocations. What is new is committed first, with a mark that no other page of ours
    /// has, so that it can be told from what was committed before and taken back when the system refuses.
    /// </summary>
    private int CommitPieces(nuint address, nuint byteCount, uint protection)
    {
        const uint Mark = PAGE_READWRITE | PAGE_GUARD;
        nuint end = address + byteCount;
        for (nuint position = address; position < end;)
        {
            int error = ERROR_INVALID_ADDRESS;
            nuint pieceEnd = end;
            if (QueryRegion(position, out MEMORY_BASIC_INFORMATION region) && region.State != MEM_FREE)
            {
                pieceEnd = Math.Min(EndOf(region), end);
                error = region.State == MEM_COMMIT ? ERROR_SUCCESS : CommitPiece(position, pieceEnd - position, Mark);
            }

            if (error != ERROR_SUCCESS)
            {
                DecommitMarked(address, position, Mark);
                return error;
            }

            position = pieceEnd;
        }

        // Nothing that Windows is known to refuse; where it does once, the commit goes on.
        int result = ProtectPieces(address, byteCount, protection);
        for (int i = 1; i < Attempts && result != ERROR_SUCCESS; i++)
        {
            result = ProtectPieces(address, byteCount, protection);
        }

        if (result != ERROR_SUCCESS)
        {
            DecommitMarked(address, end, Mark);
        }

        return result;
    }

    private int CommitPiece(nuint address, nuint byteCount, uint protection)
    {
        CountCall();
        if (_system.VirtualAlloc(address, byteCount, MEM_COMMIT, protection) != 0)
        {
            return ERROR_SUCCESS;
        }

        int error = LastError();
        return error == ERROR_INVALID_ADDRESS && Isolate(address, byteCount) == ERROR_SUCCESS
            ? Replace(address, byteCount, 0, protection)
            : error;
    }

    private void DecommitMarked(nuint address, nuint end, uint mark)
    {
        for (nuint position = address; position < end && QueryRegion(position, out MEMORY_BASIC_INFORMATION region);)
        {
            nuint pieceEnd = Math.Min(EndOf(region), end);
            if (region.State == MEM_COMMIT && region.Protect == mark)
            {
                for (int i = 0; i < Attempts && DecommitPiece(position, pieceEnd - position) != ERROR_SUCCESS; i++)
                {
                }
            }

            position = pieceEnd;
        }
    }

    /// <summary>
    /// Decommits a range of several allocations. A piece becomes a placeholder again where the system allows it, and
    /// addresses that are only reserved elsewhere.
    /// </summary>
    private int DecommitPieces(nuint address, nuint byteCount)
    {
        nuint end = address + byteCount;
        for (nuint position = address; position < end;)
        {
            if (!QueryRegion(position, out MEMORY_BASIC_INFORMATION region) || region.State == MEM_FREE)
            {
                return ERROR_INVALID_ADDRESS;
            }

            nuint pieceEnd = Math.Min(EndOf(region), end);
            int error = region.State == MEM_COMMIT ? DecommitPiece(position, pieceEnd - position) : ERROR_SUCCESS;
            if (error != ERROR_SUCCESS)
            {
                return error;
            }

            position = pieceEnd;
        }

        return ERROR_SUCCESS;
    }

    private int DecommitPiece(nuint address, nuint byteCount) =>
        Free(address, byteCount, MEM_RELEASE | MEM_PRESERVE_PLACEHOLDER) == ERROR_SUCCESS
            ? ERROR_SUCCESS
            : Free(address, byteCount, MEM_DECOMMIT);

    /// <summary>Protects a range of several allocations, once it is known that all of it is committed.</summary>
    private int ProtectPieces(nuint address, nuint byteCount, uint protection)
    {
        nuint end = address + byteCount;
        for (nuint position = address; position < end;)
        {
            if (!QueryRegion(position, out MEMORY_BASIC_INFORMATION region) || region.State != MEM_COMMIT)
            {
                return ERROR_INVALID_ADDRESS;
            }

            position = EndOf(region);
        }

        for (nuint position = address; position < end && QueryRegion(position, out MEMORY_BASIC_INFORMATION region);)
        {
            nuint pieceEnd = Math.Min(EndOf(region), end);
            CountCall();
            if (!_system.VirtualProtect(position, pieceEnd - position, protection))
            {
                return LastError();
            }

            position = pieceEnd;
        }

        return ERROR_SUCCESS;
    }

    /// <summary>
    /// Does to a range what may be done to one allocation only, and which costs nothing where it has been done: at once,
    /// and where that is refused and the range is in several allocations, to one after the other.
    /// </summary>
    private int OnPieces(nuint address, nuint byteCount, delegate*<WindowsPlatform, nuint, nuint, int> act)
    {
        nuint end = address + byteCount;
        int error = act(this, address, byteCount);
        if (error == ERROR_SUCCESS || !MayBePlaceholder
            || !QueryRegion(address, out MEMORY_BASIC_INFORMATION region)
            || !QueryRegion(end - 1, out MEMORY_BASIC_INFORMATION last)
            || last.AllocationBase == region.AllocationBase)
        {
            return error;
        }

        for (nuint position = address; position < end;)
        {
            if (!QueryRegion(position, out region) || region.State != MEM_COMMIT)
            {
                return ERROR_INVALID_ADDRESS;
            }

            nuint pieceEnd = Math.Min(EndOf(region), end);
            error = act(this, position, pieceEnd - position);
            if (error != ERROR_SUCCESS)
            {
                return error;
            }

            position = pieceEnd;
        }

        return ERROR_SUCCESS;
    }

    /// <summary>Releases a row of allocations and views that begins and ends with whole ones.</summary>
    private int ReleasePieces(nuint address, nuint byteCount)
    {
        nuint end = address + byteCount;
        for (nuint position = address; position < end;)
        {
            if (!QueryRegion(position, out MEMORY_BASIC_INFORMATION region)
                || region.State == MEM_FREE
                || (nuint)region.AllocationBase != position)
            {
                return ERROR_INVALID_ADDRESS;
            }

            // An allocation may be many regions; the next one begins where the allocation is another.
            nuint next = EndOf(region);
            while (next < end
                && QueryRegion(next, out MEMORY_BASIC_INFORMATION above)
                && above.AllocationBase == region.AllocationBase)
            {
                next = EndOf(above);
            }

            CountCall();
            bool isView = region.Type == MEM_MAPPED;
            int error = !isView ? Free(position, 0, MEM_RELEASE)
                : _system.UnmapViewOfFile(position) ? ERROR_SUCCESS
                : LastError();
            if (error != ERROR_SUCCESS)
            {
                return error;
            }

            position = next;
        }

        return ERROR_SUCCESS;
    }
}
