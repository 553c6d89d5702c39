namespace NativeVm.Tests.Support;

/// <summary>What a test needs of the machine that it runs on.</summary>
[Flags]
public enum Needs
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Linux.</summary>
    Linux = 1,

    /// <summary>Linux, macOS or FreeBSD.</summary>
    Posix = 2,

    /// <summary>Windows, or what passes for it.</summary>
    Windows = 4,

    /// <summary>Mono.Posix with its native helper.</summary>
    MonoPosix = 8,

    /// <summary><c>/proc/self/smaps</c>.</summary>
    Smaps = 16,

    /// <summary>Transparent huge pages, at least on request.</summary>
    HugePages = 32,

    /// <summary>A cap on mappings that is low enough to be reached in a test.</summary>
    ReachableMappingLimit = 64,

    /// <summary>Pages can be made resident by one call.</summary>
    Populate = 128,

    /// <summary>Reserved pages that cost nothing, for reservations of terabytes.</summary>
    CheapReservations = 1 << 20,

    /// <summary>The upper part of a reservation can be released.</summary>
    ReleaseTail = 256,

    /// <summary>Part of a reservation can be replaced by an object.</summary>
    Placeholders = 512,

    /// <summary>This program can be started anew.</summary>
    ChildProcesses = 1 << 21,

    /// <summary>Chromium, to look at pages with.</summary>
    Browser = 1 << 22,

    /// <summary>strace that may trace.</summary>
    Strace = 1 << 23,

    /// <summary>Memory without a name that can be mapped at several places.</summary>
    SharedMemoryObjects = 1024,

    /// <summary>Guards that add no mapping.</summary>
    GuardRegions = 2048,

    /// <summary>SQLite's native library, and a way to configure it.</summary>
    Sqlite = 1 << 24,

    /// <summary>Running data ends the process; under Wine 8 it hangs instead.</summary>
    ExecutionFaults = 1 << 26,

    /// <summary>A control group with a limit on memory can be made.</summary>
    MemoryGroups = 1 << 27,

    /// <summary>A process may mount a file system that only it sees.</summary>
    PrivateMounts = 1 << 25,
}
