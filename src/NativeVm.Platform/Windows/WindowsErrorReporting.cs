using System.Runtime.InteropServices;

namespace NativeVm.Platform.Windows;

/// <summary>
/// The two calls of <c>werapi.h</c> that leave memory out of crash dumps. TerraFX.Interop.Windows does not have them.
/// </summary>
/// <remarks>Both give an HRESULT, which is negative when they refuse.</remarks>
internal static unsafe class WindowsErrorReporting
{
    private const int FacilityWin32 = unchecked((int)0x8007_0000);

    /// <summary>The most that one block can hold: its length is a 32-bit number; here, of whole granules.</summary>
    public const uint LargestBlock = 0xFFFF_0000;

    [DllImport("kernel32", ExactSpelling = true)]
    public static extern int WerRegisterExcludedMemoryBlock(void* address, uint size);

    [DllImport("kernel32", ExactSpelling = true)]
    public static extern int WerUnregisterExcludedMemoryBlock(void* address);

    /// <summary>The Win32 error inside an HRESULT, or the HRESULT itself when it carries none.</summary>
    /// <param name="result">The HRESULT.</param>
    public static int ErrorOf(int result) =>
        (result & unchecked((int)0xFFFF_0000)) == FacilityWin32 ? result & 0xFFFF : result;
}
