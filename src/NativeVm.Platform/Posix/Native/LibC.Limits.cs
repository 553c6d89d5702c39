using System.Runtime.InteropServices;

namespace NativeVm.Platform.Posix.Native;

internal static unsafe partial class LibC
{
    [LibraryImport(Library, EntryPoint = "sysconf", SetLastError = true)]
    public static partial nint Configuration(int name);

    [LibraryImport(Library, EntryPoint = "getrlimit", SetLastError = true)]
    public static partial int GetLimit(int resource, ResourceLimit* limit);

    [LibraryImport(Library, EntryPoint = "getrusage", SetLastError = true)]
    public static partial int GetUsage(int who, ResourceUsage* usage);
}
