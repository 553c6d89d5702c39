namespace NativeVm.Platform;

/// <summary>Why the system refused, as far as its error number and its settings tell.</summary>
public enum RefusalReason : byte
{
    /// <summary>It did not.</summary>
    None,

    /// <summary>Part of the asked-for range belongs to somebody.</summary>
    AddressInUse,

    /// <summary>No range of that length, alignment and bounds is free.</summary>
    NoAddressSpace,

    /// <summary>The process's address-space limit (<c>ulimit -v</c>, RLIMIT_AS) is reached.</summary>
    AddressSpaceLimit,

    /// <summary>The number of mappings of the process is at its cap (<c>vm.max_map_count</c>).</summary>
    MappingLimit,

    /// <summary>The amount that may be locked is reached (<c>ulimit -l</c>, the working set's maximum).</summary>
    LockLimit,

    /// <summary>The system is out of memory, or out of what it is willing to promise.</summary>
    OutOfMemory,

    /// <summary>The process may not do this.</summary>
    AccessDenied,

    /// <summary>This system, or this version of it, cannot do this.</summary>
    NotSupported,

    /// <summary>The range or an argument is not what the system accepts, for example not reserved.</summary>
    InvalidRange,

    /// <summary>The process's limit on private writable memory (<c>ulimit -d</c>, RLIMIT_DATA) is reached.</summary>
    DataLimit,

    /// <summary>There is no such file.</summary>
    NotFound,

    /// <summary>The process, or the system, has as many files open as it may (<c>ulimit -n</c>).</summary>
    HandleLimit,

    /// <summary>The device has no space left for the file, or the file may not be that long (<c>ulimit -f</c>).</summary>
    DeviceFull,

    /// <summary>The system has too few huge pages set aside (<c>vm.nr_hugepages</c>).</summary>
    NoHugePages,

    /// <summary>Something else; the error number says what.</summary>
    Other,
}
