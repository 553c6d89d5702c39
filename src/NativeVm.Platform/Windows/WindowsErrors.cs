using static TerraFX.Interop.Windows.ERROR;

namespace NativeVm.Platform.Windows;

#pragma warning disable CA1416 // The package says "Windows only" of constants too; numbers work everywhere.

/// <summary>What an error number of Windows means for what was asked.</summary>
internal static class WindowsErrors
{
    public static RefusalReason ReasonOf(SystemOperation operation, int error) => error switch
    {
        // A reservation costs addresses only; everything else that is "not enough" is memory.
        ERROR_NOT_ENOUGH_MEMORY when TakesAddresses(operation) => RefusalReason.NoAddressSpace,
        ERROR_NOT_ENOUGH_MEMORY => RefusalReason.OutOfMemory,
        ERROR_NO_SYSTEM_RESOURCES when operation == SystemOperation.CommitHugePages => RefusalReason.NoHugePages,
        ERROR_COMMITMENT_LIMIT or ERROR_PAGEFILE_QUOTA or ERROR_NO_SYSTEM_RESOURCES => RefusalReason.OutOfMemory,

        // The arguments of a reservation have been checked, so what Windows calls invalid is a length or an
        // address that its address space does not have.
        ERROR_INVALID_PARAMETER when TakesAddresses(operation) => RefusalReason.NoAddressSpace,
        ERROR_INVALID_ADDRESS when TakesAddresses(operation) => RefusalReason.AddressInUse,
        ERROR_FILE_NOT_FOUND or ERROR_PATH_NOT_FOUND or ERROR_INVALID_NAME or ERROR_BAD_PATHNAME =>
            RefusalReason.NotFound,
        ERROR_TOO_MANY_OPEN_FILES => RefusalReason.HandleLimit,
        ERROR_DISK_FULL or ERROR_HANDLE_DISK_FULL => RefusalReason.DeviceFull,
        ERROR_HANDLE_EOF => RefusalReason.InvalidRange,
        ERROR_SHARING_VIOLATION or ERROR_WRITE_PROTECT => RefusalReason.AccessDenied,
        ERROR_INVALID_PARAMETER or ERROR_INVALID_ADDRESS or ERROR_NOACCESS or ERROR_NOT_LOCKED =>
            RefusalReason.InvalidRange,
        ERROR_WORKING_SET_QUOTA => RefusalReason.LockLimit,
        ERROR_ACCESS_DENIED or ERROR_PRIVILEGE_NOT_HELD => RefusalReason.AccessDenied,
        ERROR_NOT_SUPPORTED or ERROR_CALL_NOT_IMPLEMENTED => RefusalReason.NotSupported,
        _ => RefusalReason.Other,
    };

    private static bool TakesAddresses(SystemOperation operation) =>
        operation is SystemOperation.Reserve or SystemOperation.ReservePlaceholder or SystemOperation.MapObjectAnywhere;
}
