namespace NativeVm.Platform.Posix.Native;

/// <summary>The limits of a process that concern memory, after <c>getrlimit(2)</c>.</summary>
internal enum PosixLimit : byte
{
    /// <summary>RLIMIT_AS: bytes of address space.</summary>
    AddressSpace,

    /// <summary>RLIMIT_DATA: bytes of private writable mappings, on Linux since 4.7.</summary>
    Data,

    /// <summary>RLIMIT_STACK: bytes that the first thread's stack may grow to.</summary>
    Stack,

    /// <summary>RLIMIT_MEMLOCK: bytes that may be locked.</summary>
    LockedMemory,
}
