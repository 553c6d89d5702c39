using System.Runtime.InteropServices;

namespace TerraFX.Interop.Windows;

internal static unsafe partial class Windows
{
    [DllImport("kernel32", ExactSpelling = true)]
    public static extern HANDLE GetCurrentProcess();

    [DllImport("kernel32", ExactSpelling = true)]
    public static extern BOOL K32GetProcessMemoryInfo(
        HANDLE Process, PROCESS_MEMORY_COUNTERS* ppsmemCounters, uint cb);

    [DllImport("kernel32", ExactSpelling = true)]
    public static extern BOOL K32QueryWorkingSetEx(HANDLE hProcess, void* pv, uint cb);

    [DllImport("kernel32", ExactSpelling = true)]
    public static extern void GetSystemInfo(SYSTEM_INFO* lpSystemInfo);
}
