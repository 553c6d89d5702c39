namespace TerraFX.Interop.Windows;

/// <summary>The four-byte truth value of the Windows API: 0 is false, anything else is true.</summary>
internal readonly struct BOOL
{
    public readonly int Value;

    public static implicit operator bool(BOOL value) => value.Value != 0;
}
