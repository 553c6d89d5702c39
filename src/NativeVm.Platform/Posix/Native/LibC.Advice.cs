using System.Runtime.InteropServices;

namespace NativeVm.Platform.Posix.Native;

internal static unsafe partial class LibC
{
    [LibraryImport(Library, EntryPoint = "madvise", SetLastError = true)]
    public static partial int Advise(nuint address, nuint byteCount, int advice);
}
