using NativeVm.Platform.Posix.Native;
using NativeVm.Platform.Posix.Proc;

namespace NativeVm.Platform.Posix;

// ENOMEM has half a dozen meanings. Which one it was is found out after the fact, from the limits and the figures of
// the process, so only a refusal pays for it.
internal sealed partial class PosixPlatform
{
    // The kernel's cap is on its own count, which has the call gate's page left out and may have risen or fallen
    // meanwhile; one operation adds two mappings at most.
    private const uint MappingSlack = 3;

    private const int LockCapability = 14;

    private SystemReply Reply(
        SystemOperation operation,
        nuint address,
        nuint byteCount,
        int error,
        PageProtection protection = PageProtection.None) =>
        error == 0
            ? SystemReply.Success
            : Refused(operation, address, byteCount, Reason(operation, address, byteCount, error, protection), error);

    private static SystemReply Refused(
        SystemOperation operation, nuint address, nuint byteCount, RefusalReason reason, int error) =>
        SystemReply.Refused(operation, address, byteCount, reason, ErrorDomain.Errno, error);

    private RefusalReason Reason(
        SystemOperation operation, nuint address, nuint byteCount, int error, PageProtection protection) =>
        ErrorNumbers.Classify(error) switch
        {
            PosixError.Exists => RefusalReason.AddressInUse,
            PosixError.NotPermitted when operation == SystemOperation.Lock => RefusalReason.LockLimit,
            PosixError.NotPermitted or PosixError.AccessDenied => RefusalReason.AccessDenied,
            PosixError.Invalid or PosixError.Fault => RefusalReason.InvalidRange,
            PosixError.NotSupported => RefusalReason.NotSupported,

            PosixError.NotFound => RefusalReason.NotFound,
            PosixError.TooManyFiles => RefusalReason.HandleLimit,
            PosixError.DeviceFull => RefusalReason.DeviceFull,
            PosixError.NotAFile => RefusalReason.NotSupported,

            // A file that the system has no memory left to open or to lengthen.
            PosixError.NoMemory when operation is SystemOperation.CreateSharedMemory =>
                RefusalReason.OutOfMemory,

            // Advice for files only, on a kernel without swapping.
            PosixError.BadFile when operation == SystemOperation.Advise => RefusalReason.NotSupported,
            PosixError.NoMemory or PosixError.Again => Shortage(operation, address, byteCount, protection),
            _ => RefusalReason.Other,
        };

    private RefusalReason Shortage(
        SystemOperation operation, nuint address, nuint byteCount, PageProtection protection)
    {
        Span<byte> buffer = stackalloc byte[SystemFile.BufferSize];
        ReadOnlySpan<byte> status = IsLinux
            ? SystemFile.Read(_binding, "/proc/thread-self/status\0"u8, buffer)
            : default;
        if (operation is SystemOperation.Reserve or SystemOperation.MapObjectAnywhere or SystemOperation.OpenFile)
        {
            return Exceeds(PosixLimit.AddressSpace, status, "VmSize:"u8, byteCount) ? RefusalReason.AddressSpaceLimit
                : IsNearMappingLimit() ? RefusalReason.MappingLimit
                : RefusalReason.NoAddressSpace;
        }

        if (operation == SystemOperation.Lock && !MayLockAnything(status)
            && Exceeds(PosixLimit.LockedMemory, status, "VmLck:"u8, byteCount))
        {
            return RefusalReason.LockLimit;
        }

        if (!IsMapped(address, byteCount, accessible: operation is SystemOperation.Lock or SystemOperation.Prefault))
        {
            return RefusalReason.InvalidRange;
        }

        return IsNearMappingLimit() ? RefusalReason.MappingLimit
            : (protection & PageProtection.Write) != 0
                && Exceeds(PosixLimit.Data, status, "VmData:"u8, byteCount) ? RefusalReason.DataLimit
            : RefusalReason.OutOfMemory;
    }

    private bool Exceeds(PosixLimit which, ReadOnlySpan<byte> status, ReadOnlySpan<byte> label, nuint byteCount)
    {
        ulong limit = _binding.Limit(which);
        if (limit == ulong.MaxValue)
        {
            return false;
        }

        ulong used = SystemFile.Labelled(status, label) * 1024;
        return used >= limit || byteCount > limit - used;
    }

    private static bool MayLockAnything(ReadOnlySpan<byte> status) =>
        (SystemFile.Labelled(status, "CapEff:"u8, 'X') >> LockCapability & 1) != 0;

    private bool IsNearMappingLimit() =>
        MappingLimit != 0
        && CountInclusive(0, HighestAddress - 1, out nuint count) == 0
        && count + MappingSlack >= MappingLimit;

    /// <summary>Whether every page of the range is mapped, with some access if asked. True where it cannot be told.</summary>
    private bool IsMapped(nuint address, nuint byteCount, bool accessible)
    {
        if (!IsLinux)
        {
            return true;
        }

        nuint last = address + (byteCount - 1);
        bool isMapped = false;
        nuint next = address;
        var reader = new ProcMapsReader(_binding, stackalloc byte[ProcMapsReader.BufferSize]);
        while (!isMapped && reader.MoveNext() && reader.Current.Start <= next)
        {
            ProcMapping mapping = reader.Current;
            if (mapping.End <= next)
            {
                continue;
            }

            if (accessible && mapping.State == PageState.Reserved)
            {
                break;
            }

            isMapped = mapping.End - 1 >= last;
            next = mapping.End;
        }

        reader.Dispose();
        return isMapped || reader.Error != 0;
    }
}
