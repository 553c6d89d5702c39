using NativeVm.Platform;

namespace NativeVm.Testing;

/// <summary>The error number that a system gives for a reason: those of Linux, and of Windows.</summary>
internal static class SimulatedErrors
{
    public static int Number(ErrorDomain domain, SystemOperation operation, RefusalReason reason) =>
        domain == ErrorDomain.Errno ? Errno(operation, reason) : Win32(reason);

    private static int Errno(SystemOperation operation, RefusalReason reason)
    {
        const int PermissionDenied = 1;   // EPERM
        const int NoEntry = 2;            // ENOENT
        const int TryAgain = 11;          // EAGAIN
        const int NoMemory = 12;          // ENOMEM
        const int AccessDenied = 13;      // EACCES
        const int Exists = 17;            // EEXIST
        const int InvalidArgument = 22;   // EINVAL
        const int NotSupported = 95;      // EOPNOTSUPP

        return reason switch
        {
            RefusalReason.AddressInUse => Exists,
            RefusalReason.AccessDenied when operation == SystemOperation.Reserve => PermissionDenied,
            RefusalReason.AccessDenied => AccessDenied,
            RefusalReason.NotFound => NoEntry,

            // madvise(2) turns the ENOMEM of a split that the cap forbids into EAGAIN.
            RefusalReason.MappingLimit when operation == SystemOperation.Advise => TryAgain,
            // mincore(2), mlock(2) and msync(2) say ENOMEM of pages that are not there.
            RefusalReason.InvalidRange
                when operation
                    is SystemOperation.QueryResident
                    or SystemOperation.Lock
                    or SystemOperation.Synchronize => NoMemory,
            RefusalReason.InvalidRange => InvalidArgument,
            RefusalReason.NotSupported => NotSupported,
            _ => NoMemory,
        };
    }

    private static int Win32(RefusalReason reason)
    {
        const int FileNotFound = 2;             // ERROR_FILE_NOT_FOUND
        const int AccessDenied = 5;             // ERROR_ACCESS_DENIED
        const int NotEnoughMemory = 8;          // ERROR_NOT_ENOUGH_MEMORY
        const int NotSupported = 50;            // ERROR_NOT_SUPPORTED
        const int InvalidParameter = 87;        // ERROR_INVALID_PARAMETER
        const int InvalidAddress = 487;         // ERROR_INVALID_ADDRESS
        const int NoSystemResources = 1450;     // ERROR_NO_SYSTEM_RESOURCES
        const int WorkingSetQuota = 1453;       // ERROR_WORKING_SET_QUOTA
        const int CommitmentLimit = 1455;       // ERROR_COMMITMENT_LIMIT

        return reason switch
        {
            RefusalReason.AddressInUse => InvalidAddress,
            RefusalReason.AccessDenied => AccessDenied,
            RefusalReason.InvalidRange => InvalidParameter,
            RefusalReason.NotFound => FileNotFound,
            RefusalReason.NoHugePages => NoSystemResources,
            RefusalReason.LockLimit => WorkingSetQuota,
            RefusalReason.NotSupported => NotSupported,
            RefusalReason.OutOfMemory => CommitmentLimit,
            _ => NotEnoughMemory,
        };
    }
}
