using System.Runtime.InteropServices;

namespace NativeVm.Platform.Posix.Native;

internal static unsafe partial class LibC
{
    // The C prototype ends in "...". Called without a mode nothing is variadic, so the plain convention serves.
    [LibraryImport(Library, EntryPoint = "open", SetLastError = true)]
    public static partial int Open(byte* path, int flags);

    [LibraryImport(Library, EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(int file, byte* buffer, nuint byteCount);

    [LibraryImport(Library, EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int file);
}
