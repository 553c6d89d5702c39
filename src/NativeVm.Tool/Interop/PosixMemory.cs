using System.Runtime.InteropServices;

namespace NativeVm.Tool.Interop;

/// <summary>The memory calls of POSIX, as any program makes them, to compare with: nothing of the library between.</summary>
internal static partial class PosixMemory
{
    /// <summary><c>MAP_PRIVATE</c>, the same everywhere.</summary>
    public const int MapPrivate = 0x02;

    /// <summary><c>MAP_FIXED</c>, the same everywhere.</summary>
    public const int MapFixed = 0x10;

    /// <summary><c>MADV_DONTNEED</c>, the same everywhere.</summary>
    public const int AdviceDontNeed = 4;

    /// <summary><c>MAP_ANONYMOUS</c>: Linux has its own number, the BSDs and macOS share theirs.</summary>
    public static int MapAnonymous { get; } = OperatingSystem.IsLinux() ? 0x20 : 0x1000;

    /// <summary>What <c>mmap</c> answers when it fails.</summary>
    public static nuint MapFailed => nuint.MaxValue;

    /// <summary><c>mmap(2)</c>.</summary>
    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    public static partial nuint Map(nuint address, nuint byteCount, int protection, int flags, int file, long offset);

    /// <summary><c>munmap(2)</c>.</summary>
    [LibraryImport("libc", EntryPoint = "munmap", SetLastError = true)]
    public static partial int Unmap(nuint address, nuint byteCount);

    /// <summary><c>mprotect(2)</c>.</summary>
    [LibraryImport("libc", EntryPoint = "mprotect", SetLastError = true)]
    public static partial int Protect(nuint address, nuint byteCount, int protection);

    /// <summary><c>madvise(2)</c>.</summary>
    [LibraryImport("libc", EntryPoint = "madvise", SetLastError = true)]
    public static partial int Advise(nuint address, nuint byteCount, int advice);
}
