using System.Runtime.InteropServices;

namespace TerraFX.Interop.Windows;

/// <summary>
/// The functions of the Windows API that the platform uses, under the names and with the signatures that
/// TerraFX.Interop.Windows has for them, so that either compiles. None keeps the error for
/// <c>Marshal.GetLastPInvokeError</c>: read <see cref="Marshal.GetLastSystemError"/> straight after the call.
/// </summary>
internal static unsafe partial class Windows
{
    [DllImport("kernel32", ExactSpelling = true)]
    public static extern void* VirtualAlloc(void* lpAddress, nuint dwSize, uint flAllocationType, uint flProtect);

    [DllImport("kernelbase", ExactSpelling = true)]
    public static extern void* VirtualAlloc2(
        HANDLE Process,
        void* BaseAddress,
        nuint Size,
        uint AllocationType,
        uint PageProtection,
        MEM_EXTENDED_PARAMETER* ExtendedParameters,
        uint ParameterCount);

    [DllImport("kernel32", ExactSpelling = true)]
    public static extern BOOL VirtualFree(void* lpAddress, nuint dwSize, uint dwFreeType);

    [DllImport("kernel32", ExactSpelling = true)]
    public static extern BOOL VirtualProtect(void* lpAddress, nuint dwSize, uint flNewProtect, uint* lpflOldProtect);

    [DllImport("kernel32", ExactSpelling = true)]
    public static extern nuint VirtualQuery(void* lpAddress, MEMORY_BASIC_INFORMATION* lpBuffer, nuint dwLength);

    [DllImport("kernel32", ExactSpelling = true)]
    public static extern BOOL VirtualLock(void* lpAddress, nuint dwSize);

    [DllImport("kernel32", ExactSpelling = true)]
    public static extern BOOL VirtualUnlock(void* lpAddress, nuint dwSize);

    [DllImport("kernel32", ExactSpelling = true)]
    public static extern uint DiscardVirtualMemory(void* VirtualAddress, nuint Size);

    [DllImport("kernel32", ExactSpelling = true)]
    public static extern BOOL PrefetchVirtualMemory(
        HANDLE hProcess, nuint NumberOfEntries, WIN32_MEMORY_RANGE_ENTRY* VirtualAddresses, uint Flags);

    [DllImport("kernel32", ExactSpelling = true)]
    public static extern nuint GetLargePageMinimum();
}
