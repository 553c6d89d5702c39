namespace NativeVm.Platform;

/// <summary>Whose error numbers a refusal carries.</summary>
public enum ErrorDomain : byte
{
    /// <summary><c>errno</c> of POSIX systems.</summary>
    Errno,

    /// <summary><c>GetLastError</c> of Windows.</summary>
    Win32,
}
