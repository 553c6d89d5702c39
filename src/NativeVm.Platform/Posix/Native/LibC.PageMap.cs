using System.Runtime.InteropServices;

namespace NativeVm.Platform.Posix.Native;

internal static unsafe partial class LibC
{
    // The offset is as wide as a register in every process that has pages to ask about this way: Linux, 64 bits.
    [LibraryImport(Library, EntryPoint = "pread", SetLastError = true)]
    public static partial nint ReadAt(int file, void* buffer, nuint byteCount, nint offset);
}
