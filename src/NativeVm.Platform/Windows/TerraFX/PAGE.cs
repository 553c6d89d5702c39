namespace TerraFX.Interop.Windows;

/// <summary>Page protections. Exactly one of the lowest byte's bits is set; the others modify it.</summary>
internal static class PAGE
{
    public const int PAGE_NOACCESS = 0x01;
    public const int PAGE_READONLY = 0x02;
    public const int PAGE_READWRITE = 0x04;
    public const int PAGE_WRITECOPY = 0x08;
    public const int PAGE_EXECUTE = 0x10;
    public const int PAGE_EXECUTE_READ = 0x20;
    public const int PAGE_EXECUTE_READWRITE = 0x40;
    public const int PAGE_EXECUTE_WRITECOPY = 0x80;
    public const int PAGE_GUARD = 0x100;
}
