using System.Globalization;
using System.Runtime.InteropServices;

namespace NativeVm.Platform;

/// <summary>The words of a refusal: what was asked, what the system said, what to do about it.</summary>
internal static class RefusalText
{
    public static string Describe(in SystemReply reply)
    {
        string range = reply.Address == 0 && reply.ByteCount == 0
            ? ""
            : reply.Address == 0
            ? string.Create(CultureInfo.InvariantCulture, $" of {reply.ByteCount:N0} bytes")
            : string.Create(CultureInfo.InvariantCulture, $" of {reply.ByteCount:N0} bytes at 0x{reply.Address:x}");
        string code = string.Create(
            CultureInfo.InvariantCulture,
            $"{(reply.Domain == ErrorDomain.Errno ? "errno" : "Win32 error")} {reply.ErrorNumber}");
        string meaning = Meaning(reply);
        string separator = meaning.Length == 0 ? "" : ": ";
        return $"{reply.Operation}{range} was refused ({code}{separator}{meaning}). {Remedy(reply)}";
    }

    // The runtime's table of error texts is that of the system it runs on; numbers of another system, as a
    // simulation may carry them, would be given the wrong words.
    private static string Meaning(in SystemReply reply) =>
        reply.Domain == ErrorDomain.Win32 == OperatingSystem.IsWindows() && reply.ErrorNumber != 0
            ? Marshal.GetPInvokeErrorMessage(reply.ErrorNumber).Trim().TrimEnd('.')
            : "";

    private static string Remedy(in SystemReply reply) => reply.Reason switch
    {
        RefusalReason.AddressInUse =>
            "Part of that range belongs to another mapping; choose another address or let the system choose.",
        RefusalReason.NoAddressSpace =>
            "No free range of that length, alignment and bounds exists; ask for less, or for wider bounds.",
        RefusalReason.AddressSpaceLimit =>
            "The process's address-space limit (ulimit -v, RLIMIT_AS) is too low; raise it, or reserve less.",
        RefusalReason.MappingLimit =>
            "The process has as many mappings as the system allows; raise the sysctl vm.max_map_count, or commit and protect in larger, fewer ranges.",
        RefusalReason.LockLimit when reply.Domain == ErrorDomain.Win32 =>
            "The process's maximum working set is too small; raise it with SetProcessWorkingSetSize, or lock less.",
        RefusalReason.LockLimit =>
            "The limit on locked memory (ulimit -l, RLIMIT_MEMLOCK) is too low; raise it or grant CAP_IPC_LOCK, or lock less.",
        RefusalReason.DataLimit =>
            "The process's limit on data (ulimit -d, RLIMIT_DATA), which counts private writable memory, is too low; raise it, or commit less.",
        RefusalReason.OutOfMemory when reply.Domain == ErrorDomain.Win32 =>
            "The system's commit limit is reached; enlarge the page file, or commit less.",
        RefusalReason.OutOfMemory =>
            "The system is out of memory or out of what it will promise; free memory, or look at vm.overcommit_memory, vm.overcommit_ratio and the cgroup's memory.max.",
        RefusalReason.AccessDenied
            when reply.Operation is SystemOperation.MapObject or SystemOperation.MapObjectAnywhere =>
            "A shared mapping cannot write what was opened for reading only, nor execute a file of a file system that forbids it; open it for reading and writing, or map it copy-on-write.",
        RefusalReason.AccessDenied when reply.Operation == SystemOperation.CommitHugePages =>
            "The process may not use large pages; grant its user the right \"Lock pages in memory\" (SeLockMemoryPrivilege) and enable the privilege.",
        RefusalReason.AccessDenied => "The process lacks the right to do this.",
        RefusalReason.NotSupported when reply.Operation == SystemOperation.CommitHugePages =>
            "This system cannot put explicit huge pages into a reservation: Linux needs version 5.16 and hugetlbfs, Windows placeholders and the right \"Lock pages in memory\" (SeLockMemoryPrivilege).",
        RefusalReason.NotSupported when reply.Operation == SystemOperation.OpenFile =>
            "That is no file that can be mapped, but a directory, a pipe or a device.",
        RefusalReason.NotSupported when reply.Operation == SystemOperation.MapObject =>
            "Objects go into reservations whose parts can be replaced: on Windows these are placeholders (version 1803 and newer), which have to be asked for when the addresses are reserved.",
        RefusalReason.NotSupported => "This system or this version of it cannot do this; ask the platform's capabilities beforehand.",
        RefusalReason.InvalidRange when reply.Operation == SystemOperation.OpenFile =>
            "The file is shorter than that; open it for reading and writing to have it extended, or ask for less.",
        RefusalReason.InvalidRange
            when reply.Operation is SystemOperation.MapObject or SystemOperation.MapObjectAnywhere =>
            "The mapping would reach beyond the end of the object, where every access ends the process; extend the object, or map less of it.",
        RefusalReason.NotFound => "No file has that path; check it, or open for reading and writing with a length to have it made.",
        RefusalReason.HandleLimit =>
            "Too many files are open; dispose handles that are not needed, or raise the limit (ulimit -n, fs.file-max).",
        RefusalReason.DeviceFull =>
            "The device has no space for a file of that length, or the process's limit on files (ulimit -f) or quota forbids it.",
        RefusalReason.NoHugePages =>
            "The system has not enough huge pages set aside; raise the sysctl vm.nr_hugepages, or advise transparent huge pages instead.",
        RefusalReason.InvalidRange =>
            "The system does not accept the range: it is not reserved or not committed as this operation needs it, or lies outside the address space.",
        _ => "Look the error number up in the system's manual page for the call.",
    };
}
