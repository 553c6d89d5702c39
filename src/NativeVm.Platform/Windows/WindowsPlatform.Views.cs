using NativeVm.Platform.Windows.Objects;
using static NativeVm.Platform.Windows.Objects.WindowsFiles;
using static TerraFX.Interop.Windows.ERROR;
using static TerraFX.Interop.Windows.MEM;
using static TerraFX.Interop.Windows.PAGE;

namespace NativeVm.Platform.Windows;

// Views of sections. A view is mapped with the widest protection that its kind may ever have, because a later one may
// not go beyond it, and then given the one that was asked for.
internal sealed unsafe partial class WindowsPlatform
{
    protected override SystemReply MapObjectCore(
        nuint address,
        nuint byteCount,
        MemoryObjectHandle handle,
        ulong offset,
        PageProtection protection,
        MappingSharing sharing,
        RangeTraits traits)
    {
        const SystemOperation Operation = SystemOperation.MapObject;
        WindowsObjectHandle own = Own(handle);
        bool isHeld = false;
        try
        {
            own.DangerousAddRef(ref isHeld);
            SystemReply reply = Check(Operation, address, byteCount, own, offset, protection, sharing);
            if (reply.IsRefused)
            {
                return reply;
            }

            int error = Has(WindowsFeatures.Placeholders) ? Isolate(address, byteCount) : ERROR_NOT_SUPPORTED;
            if (error == ERROR_SUCCESS)
            {
                CountCall();
                nuint view = _system.MapViewOfFile3(
                    own.Section,
                    address,
                    offset,
                    ViewLength(own, byteCount, offset),
                    MEM_REPLACE_PLACEHOLDER,
                    WidestProtection(own, protection, sharing));
                error = view == 0 ? LastError() : Narrow(view, byteCount, own, protection, sharing);
                if (error != ERROR_SUCCESS && view != 0)
                {
                    for (int i = 0; i < Attempts && Unmap(view) != ERROR_SUCCESS; i++)
                    {
                    }
                }
            }

            return error == ERROR_SUCCESS ? SystemReply.Success : Refusal(Operation, address, byteCount, error);
        }
        finally
        {
            Release(own, isHeld);
        }
    }

    protected override SystemReply MapObjectAnywhereCore(
        nuint byteCount,
        MemoryObjectHandle handle,
        ulong offset,
        PageProtection protection,
        MappingSharing sharing,
        in Placement placement,
        out nuint address)
    {
        const SystemOperation Operation = SystemOperation.MapObjectAnywhere;
        WindowsObjectHandle own = Own(handle);
        nuint wanted = placement.IsExact ? placement.LowestAddress : 0;
        bool isHeld = false;
        address = 0;
        try
        {
            own.DangerousAddRef(ref isHeld);
            SystemReply reply = Check(Operation, wanted, byteCount, own, offset, protection, sharing);
            if (reply.IsRefused)
            {
                return reply;
            }

            uint access = WidestAccess(own, protection, sharing);
            int error = ERROR_INVALID_ADDRESS;
            bool isFree = placement.IsUnbounded && placement.Alignment <= AllocationGranularity;
            for (int i = 0; i < LostRaces && error == ERROR_INVALID_ADDRESS; i++)
            {
                nuint place = 0;
                reply = isFree ? SystemReply.Success : FindPlace(byteCount, placement, out place);
                if (reply.IsRefused)
                {
                    return Refusal(Operation, wanted, byteCount, reply.Reason, reply.ErrorNumber);
                }

                CountCall();
                address = _system.MapViewOfFile(
                    own.Section, access, offset, ViewLength(own, byteCount, offset), place);
                error = address == 0 ? LastError() : ERROR_SUCCESS;
            }

            error = error == ERROR_SUCCESS ? Narrow(address, byteCount, own, protection, sharing) : error;
            if (error == ERROR_SUCCESS)
            {
                return SystemReply.Success;
            }

            for (int i = 0; i < Attempts && address != 0 && !_system.UnmapViewOfFile(address); i++)
            {
                CountCall();
            }

            address = 0;
            return Refusal(Operation, wanted, byteCount, error);
        }
        finally
        {
            Release(own, isHeld);
        }
    }

    /// <remarks>The placeholder stays apart from its neighbours until a call spans them; there is no cap on their number.</remarks>
    protected override SystemReply UnmapObjectCore(nuint address, nuint byteCount, RangeTraits traits)
    {
        int error = Has(WindowsFeatures.Placeholders) ? Unmap(address) : ERROR_NOT_SUPPORTED;
        return error == ERROR_SUCCESS
            ? SystemReply.Success
            : Refusal(SystemOperation.UnmapObject, address, byteCount, error);
    }

    protected override SystemReply ReleaseObjectCore(nuint address, nuint byteCount)
    {
        CountCall();
        return _system.UnmapViewOfFile(address)
            ? SystemReply.Success
            : Refusal(SystemOperation.ReleaseObject, address, byteCount, LastError());
    }

    protected override SystemReply SynchronizeCore(nuint address, nuint byteCount)
    {
        CountCall();
        return _system.FlushViewOfFile(address, byteCount)
            ? SystemReply.Success
            : Refusal(SystemOperation.Synchronize, address, byteCount, LastError());
    }

    private SystemReply Check(
        SystemOperation operation,
        nuint address,
        nuint byteCount,
        WindowsObjectHandle handle,
        ulong offset,
        PageProtection protection,
        MappingSharing sharing)
    {
        if (sharing == MappingSharing.Shared
            && handle.Access == MemoryObjectAccess.Read
            && (protection & PageProtection.Write) != 0)
        {
            return Refusal(operation, address, byteCount, RefusalReason.AccessDenied, ERROR_ACCESS_DENIED);
        }

        // A section has the length that its object had when it was made, however long the file is by now.
        ulong wholePages = (handle.SectionByteCount + (PageSize - 1)) & ~((ulong)PageSize - 1);
        return offset + byteCount <= wholePages
            ? SystemReply.Success
            : Refusal(operation, address, byteCount, RefusalReason.InvalidRange, ERROR_HANDLE_EOF);
    }

    /// <summary>A place as a reservation would be given it, free again.</summary>
    private SystemReply FindPlace(nuint byteCount, in Placement placement, out nuint place)
    {
        SystemReply reply = ReserveCore(byteCount, placement, out place);
        if (reply.IsRefused)
        {
            return reply;
        }

        int error = GiveBack(place);
        return error == ERROR_SUCCESS ? reply : Refusal(SystemOperation.Reserve, place, byteCount, error);
    }

    /// <summary>Takes a view out and leaves a placeholder.</summary>
    private int Unmap(nuint address)
    {
        CountCall();
        return _system.UnmapViewOfFile2(address, MEM_PRESERVE_PLACEHOLDER) ? ERROR_SUCCESS : LastError();
    }

    private int Narrow(
        nuint address, nuint byteCount, WindowsObjectHandle handle, PageProtection protection, MappingSharing sharing)
    {
        uint wanted = sharing == MappingSharing.CopyOnWrite && (protection & PageProtection.Write) != 0
            ? PAGE_WRITECOPY
            : ToSystem(protection);
        if (wanted == WidestProtection(handle, protection, sharing))
        {
            return ERROR_SUCCESS;
        }

        CountCall();
        return _system.VirtualProtect(address, byteCount, wanted)
            ? ERROR_SUCCESS
            : LastError();
    }

    // A view that is longer than its section is refused, even inside the last page.
    private static nuint ViewLength(WindowsObjectHandle handle, nuint byteCount, ulong offset) =>
        (nuint)Math.Min(byteCount, handle.SectionByteCount - offset);

    private static uint WidestProtection(WindowsObjectHandle handle, PageProtection protection, MappingSharing sharing) =>
        (protection & PageProtection.Execute) != 0 ? PAGE_EXECUTE_READ
        : sharing == MappingSharing.CopyOnWrite ? PAGE_WRITECOPY
        : handle.Access == MemoryObjectAccess.ReadWrite ? PAGE_READWRITE
        : (uint)PAGE_READONLY;

    private static uint WidestAccess(WindowsObjectHandle handle, PageProtection protection, MappingSharing sharing) =>
        (protection & PageProtection.Execute) != 0 ? MapRead | MapExecute
        : sharing == MappingSharing.CopyOnWrite ? MapCopy
        : handle.Access == MemoryObjectAccess.ReadWrite ? MapRead | MapWrite
        : MapRead;
}
