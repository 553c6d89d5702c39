namespace TerraFX.Interop.Windows;

/// <summary>The error numbers of <c>winerror.h</c> that memory calls give.</summary>
internal static class ERROR
{
    public const int ERROR_SUCCESS = 0;
    public const int ERROR_FILE_NOT_FOUND = 2;
    public const int ERROR_PATH_NOT_FOUND = 3;
    public const int ERROR_TOO_MANY_OPEN_FILES = 4;
    public const int ERROR_ACCESS_DENIED = 5;
    public const int ERROR_NOT_ENOUGH_MEMORY = 8;
    public const int ERROR_WRITE_PROTECT = 19;
    public const int ERROR_SHARING_VIOLATION = 32;
    public const int ERROR_HANDLE_EOF = 38;
    public const int ERROR_HANDLE_DISK_FULL = 39;
    public const int ERROR_NOT_SUPPORTED = 50;
    public const int ERROR_INVALID_PARAMETER = 87;
    public const int ERROR_DISK_FULL = 112;
    public const int ERROR_CALL_NOT_IMPLEMENTED = 120;
    public const int ERROR_INVALID_NAME = 123;
    public const int ERROR_BAD_PATHNAME = 161;
    public const int ERROR_NOT_LOCKED = 158;
    public const int ERROR_INVALID_ADDRESS = 487;
    public const int ERROR_NOACCESS = 998;
    public const int ERROR_PRIVILEGE_NOT_HELD = 1314;
    public const int ERROR_NO_SYSTEM_RESOURCES = 1450;
    public const int ERROR_WORKING_SET_QUOTA = 1453;
    public const int ERROR_PAGEFILE_QUOTA = 1454;
    public const int ERROR_COMMITMENT_LIMIT = 1455;
}
