using System.Runtime.InteropServices;

namespace NativeVm.Platform.Posix.Native;

internal static unsafe partial class LibC
{
    [LibraryImport(Library, EntryPoint = "mremap", SetLastError = true)]
    public static partial nint Remap(nuint address, nuint byteCount, nuint newByteCount, int flags, nuint newAddress);

    [LibraryImport(Library, EntryPoint = "minherit", SetLastError = true)]
    public static partial int Inherit(nuint address, nuint byteCount, int inheritance);

    // mbind(2), which the C library has no function for. The prototype ends in "...", which Linux passes as any
    // other arguments on every architecture that .NET runs on.
    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true)]
    public static partial nint BindMemory(
        nint number, nuint address, nuint byteCount, nint mode, ulong* nodes, nuint nodeLimit, nuint flags);
}
