using System.Runtime.InteropServices;

namespace NativeVm.Platform.Posix.Native;

/// <summary>
/// Instruction caches, where they do not follow writes. The instructions that clean and invalidate them are for a
/// compiler's library to give; every .NET runtime has loaded it.
/// </summary>
internal static unsafe partial class CodeCache
{
    public static void Publish(nuint address, nuint byteCount)
    {
        if (OperatingSystem.IsMacOS())
        {
            InvalidateDarwin((void*)address, byteCount);
        }
        else
        {
            ClearGcc((void*)address, (void*)(address + byteCount));
        }
    }

    [LibraryImport("libgcc_s.so.1", EntryPoint = "__clear_cache")]
    private static partial void ClearGcc(void* begin, void* end);

    [LibraryImport("libSystem.dylib", EntryPoint = "sys_icache_invalidate")]
    private static partial void InvalidateDarwin(void* start, nuint byteCount);
}
