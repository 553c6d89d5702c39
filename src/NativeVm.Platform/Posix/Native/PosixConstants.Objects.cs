using System.Runtime.InteropServices;

namespace NativeVm.Platform.Posix.Native;

// Linux: linux/memfd.h, asm-generic/fcntl.h, linux/mempolicy.h, asm-generic/unistd.h. The rest as above.
internal static partial class PosixConstants
{
    public const int MapShared = 0x1;

    /// <summary>Where in the flags of <c>mmap</c> the logarithm of the huge page size goes (MAP_HUGE_SHIFT).</summary>
    public const int MapHugeShift = 26;

    public const int OpenReadWrite = 2;
    public const int OpenCreateOnMacOS = 0x200;
    public const int OpenExclusiveOnMacOS = 0x800;

    /// <summary>0600.</summary>
    public const uint OwnerOnly = 0x180;

    /// <summary>0666, from which the process's mask takes.</summary>
    public const uint ReadWriteForAll = 0x1b6;

    public const uint MemoryCloseOnExec = 1;

    /// <summary>MFD_NOEXEC_SEAL, of Linux 6.3: the file cannot be run as a program. It can be mapped executable.</summary>
    public const uint MemoryNoExecSeal = 8;

    public const int RemapMayMove = 1;
    public const int RemapFixed = 2;

    public const int InheritShare = 0;
    public const int InheritCopy = 1;
    public const int InheritNone = 2;

    public const int PolicyDefault = 0;
    public const int PolicyPreferred = 1;

    /// <summary>The name that is none, SHM_ANON of FreeBSD.</summary>
    public static unsafe byte* SharedMemoryAnonymous => (byte*)1;

    public static int MapHugePages { get; } = Pick(linux: 0x4_0000, macOS: 0, freeBSD: 0);

    public static int OpenCreate { get; } = Pick(linux: 0x40, macOS: OpenCreateOnMacOS, freeBSD: 0x200);

    public static int OpenWithoutWaiting { get; } = Pick(linux: 0x800, macOS: 4, freeBSD: 4);

    public static int SynchronizeAndWait { get; } = Pick(linux: 4, macOS: 0x10, freeBSD: 0);

    public static int AdviceGuardRemove { get; } = Pick(linux: 103, macOS: -1, freeBSD: -1);

    /// <summary>The number of <c>mbind</c>, which each architecture has its own for.</summary>
    public static int CallBindMemory { get; } = !IsLinux ? -1 : RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => 237,
        Architecture.Arm64 or Architecture.LoongArch64 or Architecture.RiscV64 => 235,
        Architecture.S390x => 268,
        Architecture.Ppc64le => 259,
        _ => -1,
    };
}
