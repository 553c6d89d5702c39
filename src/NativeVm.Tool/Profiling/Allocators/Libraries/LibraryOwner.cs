using System.Runtime.InteropServices;

namespace NativeVm.Tool.Profiling.Allocators.Libraries;

/// <summary>Whether a function lies in a library itself: <c>dladdr(3)</c> and <c>dlinfo(3)</c> of Linux.</summary>
internal static unsafe partial class LibraryOwner
{
    // RTLD_DI_LINKMAP of glibc and musl; the load address is the first field of what it answers with.
    private const int LinkMap = 2;

    /// <summary>Whether a function is the library's own; true where the system does not tell.</summary>
    /// <param name="library">The handle of the library.</param>
    /// <param name="function">The address of the function.</param>
    public static bool IsOwn(nint library, nint function)
    {
        if (!OperatingSystem.IsLinux())
        {
            return true;
        }

        try
        {
            AddressInfo info;
            nint* linkMap;
            return GetAddressInfo(function, &info) == 0
                || GetLibraryInfo(library, LinkMap, &linkMap) != 0
                || *linkMap == info.LoadAddress;
        }
        catch (EntryPointNotFoundException)
        {
            // Before glibc 2.34 these were in another library.
            return true;
        }
    }

    [LibraryImport("libc", EntryPoint = "dladdr")]
    private static partial int GetAddressInfo(nint address, AddressInfo* info);

    [LibraryImport("libc", EntryPoint = "dlinfo")]
    private static partial int GetLibraryInfo(nint library, int request, void* info);

    /// <summary><c>Dl_info</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct AddressInfo
    {
        public readonly nint FileName;
        public readonly nint LoadAddress;
        public readonly nint SymbolName;
        public readonly nint SymbolAddress;
    }
}
