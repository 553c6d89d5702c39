using System.Runtime.InteropServices;

namespace NativeVm.Platform.Posix.Native;

internal static unsafe partial class LibC
{
    [LibraryImport(Library, EntryPoint = "memfd_create", SetLastError = true)]
    public static partial int CreateMemory(byte* name, uint flags);

    [LibraryImport(Library, EntryPoint = "shm_open", SetLastError = true)]
    public static partial int OpenShared(byte* name, int flags, uint mode);

    [LibraryImport(Library, EntryPoint = "shm_unlink", SetLastError = true)]
    public static partial int UnlinkShared(byte* name);

    // The mode is one of the arguments that the C prototype calls "...". Everywhere but on Apple's arm64 those are
    // passed as any others.
    [LibraryImport(Library, EntryPoint = "open", SetLastError = true)]
    public static partial int OpenOrCreate(byte* path, int flags, uint mode);

    // Apple's arm64 passes what "..." stands for on the stack, where arguments go when the eight registers are taken.
    [LibraryImport(Library, EntryPoint = "open", SetLastError = true)]
    public static partial int OpenOrCreateOnStack(
        byte* path, int flags, nint r2, nint r3, nint r4, nint r5, nint r6, nint r7, nuint mode);

    [LibraryImport(Library, EntryPoint = "shm_open", SetLastError = true)]
    public static partial int OpenSharedOnStack(
        byte* name, int flags, nint r2, nint r3, nint r4, nint r5, nint r6, nint r7, nuint mode);

    [LibraryImport(Library, EntryPoint = "ftruncate", SetLastError = true)]
    public static partial int SetLength(int file, long byteCount);

    [LibraryImport(Library, EntryPoint = "lseek", SetLastError = true)]
    public static partial long Seek(int file, long offset, int origin);

    [LibraryImport(Library, EntryPoint = "fsync", SetLastError = true)]
    public static partial int SynchronizeFile(int file);

    [LibraryImport(Library, EntryPoint = "msync", SetLastError = true)]
    public static partial int Synchronize(nuint address, nuint byteCount, int flags);
}
