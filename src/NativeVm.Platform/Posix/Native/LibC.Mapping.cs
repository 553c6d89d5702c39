using System.Runtime.InteropServices;

namespace NativeVm.Platform.Posix.Native;

/// <summary>Declarations of the C library, one function group a file. All are blittable and set the last error.</summary>
internal static unsafe partial class LibC
{
    private const string Library = "libc";

    [LibraryImport(Library, EntryPoint = "mmap", SetLastError = true)]
    public static partial nint Map(nuint address, nuint byteCount, int protection, int flags, int file, long offset);

    [LibraryImport(Library, EntryPoint = "munmap", SetLastError = true)]
    public static partial int Unmap(nuint address, nuint byteCount);

    [LibraryImport(Library, EntryPoint = "mprotect", SetLastError = true)]
    public static partial int Protect(nuint address, nuint byteCount, int protection);
}
