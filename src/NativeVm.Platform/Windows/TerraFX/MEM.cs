namespace TerraFX.Interop.Windows;

/// <summary>What <c>VirtualAlloc</c> and <c>VirtualFree</c> are to do, and the states that <c>VirtualQuery</c> reports.</summary>
internal static class MEM
{
    public const int MEM_COALESCE_PLACEHOLDERS = 0x0000_0001;
    public const int MEM_PRESERVE_PLACEHOLDER = 0x0000_0002;
    public const int MEM_COMMIT = 0x0000_1000;
    public const int MEM_RESERVE = 0x0000_2000;
    public const int MEM_REPLACE_PLACEHOLDER = 0x0000_4000;
    public const int MEM_DECOMMIT = 0x0000_4000;
    public const int MEM_RELEASE = 0x0000_8000;
    public const int MEM_FREE = 0x0001_0000;
    public const int MEM_RESERVE_PLACEHOLDER = 0x0004_0000;
    public const int MEM_MAPPED = 0x0004_0000;
    public const int MEM_RESET = 0x0008_0000;
    public const int MEM_LARGE_PAGES = 0x2000_0000;
}
