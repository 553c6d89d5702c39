namespace NativeVm.Platform.Posix.Native;

/// <summary>
/// The numbers behind the names, which POSIX leaves to each system. They never leave this folder: outside it there
/// are only <see cref="PageProtection"/>, <see cref="PageAdvice"/> and <see cref="PosixError"/>.
/// </summary>
/// <remarks>
/// Linux: <c>asm-generic/mman-common.h</c>, which x64, arm64, riscv64, loongarch64 and s390x share. macOS and
/// FreeBSD: <c>sys/mman.h</c>, <c>sys/resource.h</c>, <c>sys/unistd.h</c>. 0 stands for a flag that the system does
/// not have, and -1 for any other number that it does not have.
/// </remarks>
internal static partial class PosixConstants
{
    public const int ProtectionRead = 1;
    public const int ProtectionWrite = 2;
    public const int ProtectionExecute = 4;

    public const int MapPrivate = 0x2;
    public const int MapFixed = 0x10;
    public const nint MapFailed = -1;

    public const int OpenReadOnly = 0;

    /// <summary>The low bit of a byte of <c>mincore</c>: the page is in memory.</summary>
    public const byte InCore = 1;

    public const int UsageOfSelf = 0;

    private static readonly bool IsLinux = OperatingSystem.IsLinux();
    private static readonly bool IsMacOS = OperatingSystem.IsMacOS();

    /// <summary>The system that this is.</summary>
    public static PosixSystem System { get; } =
        (PosixSystem)Pick((int)PosixSystem.Linux, (int)PosixSystem.MacOS, (int)PosixSystem.FreeBSD);

    public static int MapAnonymous { get; } = IsLinux ? 0x20 : 0x1000;

    /// <summary>FreeBSD dropped the flag: it never promises swap space to mappings without access anyway.</summary>
    public static int MapNoReserve { get; } = Pick(linux: 0x4000, macOS: 0x40, freeBSD: 0);

    /// <summary>
    /// What makes <c>mmap</c> take the address given or fail: MAP_FIXED_NOREPLACE of Linux 4.17,
    /// MAP_FIXED | MAP_EXCL of FreeBSD. macOS has no such flag, and an older Linux ignores it: there the address is
    /// a hint, and the caller compares.
    /// </summary>
    public static int MapNoReplace { get; } = Pick(linux: 0x10_0000, macOS: 0, freeBSD: MapFixed | 0x4000);

    public static int OpenCloseOnExec { get; } = Pick(linux: 0x8_0000, macOS: 0x100_0000, freeBSD: 0x10_0000);

    public static int ConfigurationPageSize { get; } = Pick(linux: 30, macOS: 29, freeBSD: 47);

    public static int LimitData { get; } = 2;

    public static int LimitStack { get; } = 3;

    public static int LimitLockedMemory { get; } = Pick(linux: 8, macOS: 6, freeBSD: 6);

    public static int LimitAddressSpace { get; } = Pick(linux: 9, macOS: 5, freeBSD: 10);

    /// <summary>What <c>ru_maxrss</c> counts in, in bytes.</summary>
    public static int PeakResidentUnit { get; } = IsMacOS ? 1 : 1024;

    /// <summary>
    /// Linux takes the pages at once and they read as zeros. macOS takes them out of the footprint at once and out of
    /// memory when it needs them (MADV_FREE_REUSABLE); FreeBSD has MADV_FREE only. A fixed <c>mmap</c> would take them
    /// at once there as well, but would need to know the protection of every page, which a purge keeps.
    /// </summary>
    public static int AdvicePurge { get; } = Pick(linux: 4, macOS: 7, freeBSD: 5);

    public static int AdvicePopulateWrite { get; } = Pick(linux: 23, macOS: -1, freeBSD: -1);

    public static int AdviceGuardInstall { get; } = Pick(linux: 102, macOS: -1, freeBSD: -1);

    public static int Advice(PageAdvice advice) => advice switch
    {
        PageAdvice.Normal => 0,
        PageAdvice.Random => 1,
        PageAdvice.Sequential => 2,
        PageAdvice.WillNeed => 3,
        PageAdvice.Free => IsLinux ? 8 : 5,
        PageAdvice.ExcludeFromFork => IsLinux ? 10 : -1,
        PageAdvice.IncludeInFork => IsLinux ? 11 : -1,
        PageAdvice.HugePages => IsLinux ? 14 : -1,
        PageAdvice.NoHugePages => IsLinux ? 15 : -1,
        PageAdvice.CollapseHugePages => IsLinux ? 25 : -1,
        PageAdvice.ExcludeFromCoreDumps => Pick(linux: 16, macOS: -1, freeBSD: 8),
        PageAdvice.IncludeInCoreDumps => Pick(linux: 17, macOS: -1, freeBSD: 9),
        _ => -1,
    };

    public static int Protection(PageProtection protection)
    {
        int bits = 0;
        if ((protection & PageProtection.ReadWrite) != 0)
        {
            bits |= ProtectionRead;
        }

        if ((protection & PageProtection.Write) != 0)
        {
            bits |= ProtectionWrite;
        }

        if ((protection & PageProtection.Execute) != 0)
        {
            bits |= ProtectionExecute;
        }

        return bits;
    }

    private static int Pick(int linux, int macOS, int freeBSD) => IsLinux ? linux : IsMacOS ? macOS : freeBSD;
}
