namespace TerraFX.Interop.Windows;

/// <summary>A handle of the Windows API.</summary>
internal readonly unsafe struct HANDLE
{
    public readonly void* Value;
}
