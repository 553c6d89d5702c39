using System.Runtime.InteropServices;

namespace NativeVm.Platform.Posix.Native;

internal static unsafe partial class LibC
{
    [LibraryImport(Library, EntryPoint = "mlock", SetLastError = true)]
    public static partial int Lock(nuint address, nuint byteCount);

    [LibraryImport(Library, EntryPoint = "munlock", SetLastError = true)]
    public static partial int Unlock(nuint address, nuint byteCount);

    [LibraryImport(Library, EntryPoint = "mincore", SetLastError = true)]
    public static partial int InCore(nuint address, nuint byteCount, byte* pages);
}
