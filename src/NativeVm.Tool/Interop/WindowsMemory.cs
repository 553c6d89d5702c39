using System.Runtime.InteropServices;

namespace NativeVm.Tool.Interop;

/// <summary>The memory calls of Windows, as any program makes them, to compare with: nothing of the library between.</summary>
internal static partial class WindowsMemory
{
    /// <summary><c>MEM_COMMIT</c>.</summary>
    public const uint Commit = 0x1000;

    /// <summary><c>MEM_RESERVE</c>.</summary>
    public const uint Reserve = 0x2000;

    /// <summary><c>MEM_DECOMMIT</c>.</summary>
    public const uint Decommit = 0x4000;

    /// <summary><c>MEM_RELEASE</c>.</summary>
    public const uint Release = 0x8000;

    /// <summary><c>PAGE_NOACCESS</c>.</summary>
    public const uint NoAccess = 0x01;

    /// <summary><c>PAGE_READONLY</c>.</summary>
    public const uint ReadOnly = 0x02;

    /// <summary><c>PAGE_READWRITE</c>.</summary>
    public const uint ReadWrite = 0x04;

    /// <summary><c>PAGE_EXECUTE_READ</c>.</summary>
    public const uint ExecuteRead = 0x20;

    /// <summary><c>VirtualAlloc</c>.</summary>
    [LibraryImport("kernel32", EntryPoint = "VirtualAlloc", SetLastError = true)]
    public static partial nuint Allocate(nuint address, nuint byteCount, uint type, uint protection);

    /// <summary><c>VirtualFree</c>.</summary>
    [LibraryImport("kernel32", EntryPoint = "VirtualFree", SetLastError = true)]
    public static partial int Free(nuint address, nuint byteCount, uint type);

    /// <summary><c>VirtualProtect</c>.</summary>
    [LibraryImport("kernel32", EntryPoint = "VirtualProtect", SetLastError = true)]
    public static partial int Protect(nuint address, nuint byteCount, uint protection, out uint before);
}
