namespace NativeVm.Platform.Posix.Native;

/// <summary>The error numbers that mean something to us, under one name on every system.</summary>
internal enum PosixError : byte
{
    /// <summary>No error.</summary>
    None,

    /// <summary><c>ENOMEM</c>.</summary>
    NoMemory,

    /// <summary><c>EEXIST</c>.</summary>
    Exists,

    /// <summary><c>EAGAIN</c>.</summary>
    Again,

    /// <summary><c>EPERM</c>.</summary>
    NotPermitted,

    /// <summary><c>EACCES</c>.</summary>
    AccessDenied,

    /// <summary><c>EINVAL</c>.</summary>
    Invalid,

    /// <summary><c>EFAULT</c>.</summary>
    Fault,

    /// <summary><c>EBADF</c>.</summary>
    BadFile,

    /// <summary><c>EINTR</c>.</summary>
    Interrupted,

    /// <summary><c>ENOSYS</c>, <c>ENOTSUP</c> or <c>EOPNOTSUPP</c>.</summary>
    NotSupported,

    /// <summary><c>ENOENT</c> or <c>ENOTDIR</c>: no such file.</summary>
    NotFound,

    /// <summary><c>EMFILE</c> or <c>ENFILE</c>: too many files are open.</summary>
    TooManyFiles,

    /// <summary><c>ENOSPC</c>, <c>EFBIG</c> or <c>EDQUOT</c>: the device, or the limit on files, has no room.</summary>
    DeviceFull,

    /// <summary><c>ENODEV</c>, <c>EISDIR</c>, <c>ESPIPE</c> or <c>ENXIO</c>: not a file that can be mapped.</summary>
    NotAFile,

    /// <summary>Any other.</summary>
    Other,
}
