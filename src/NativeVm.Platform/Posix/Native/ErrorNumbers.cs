namespace NativeVm.Platform.Posix.Native;

/// <summary>Names for error numbers, and numbers for refusals that are ours and not the system's.</summary>
internal static class ErrorNumbers
{
    public const int NotPermitted = 1;
    public const int NoMemory = 12;
    public const int Exists = 17;
    public const int AccessDenied = 13;
    public const int Invalid = 22;

    private const int Interrupted = 4;
    private const int BadFile = 9;
    private const int Fault = 14;
    private const int NoEntry = 2;
    private const int NoDeviceOrAddress = 6;
    private const int NoDevice = 19;
    private const int NotDirectory = 20;
    private const int IsDirectory = 21;
    private const int SystemFilesFull = 23;
    private const int ProcessFilesFull = 24;
    private const int TextBusy = 26;
    private const int FileTooBig = 27;
    private const int NoSpace = 28;
    private const int IllegalSeek = 29;
    private const int ReadOnlyFileSystem = 30;

    private static readonly bool IsLinux = OperatingSystem.IsLinux();
    private static readonly int Again = IsLinux ? 11 : 35;
    private static readonly int QuotaExceeded = IsLinux ? 122 : 69;
    private static readonly int NoSystemCall = IsLinux ? 38 : 78;

    /// <summary>ENOTSUP; on macOS EOPNOTSUPP is another number.</summary>
    public static int NotSupported { get; } = IsLinux ? 95 : 45;

    public static PosixError Classify(int error) => error switch
    {
        0 => PosixError.None,
        NotPermitted => PosixError.NotPermitted,
        Interrupted => PosixError.Interrupted,
        BadFile => PosixError.BadFile,
        NoMemory => PosixError.NoMemory,
        AccessDenied or TextBusy or ReadOnlyFileSystem => PosixError.AccessDenied,
        NoEntry or NotDirectory => PosixError.NotFound,
        SystemFilesFull or ProcessFilesFull => PosixError.TooManyFiles,
        FileTooBig or NoSpace => PosixError.DeviceFull,
        NoDevice or NoDeviceOrAddress or IsDirectory or IllegalSeek => PosixError.NotAFile,
        Fault => PosixError.Fault,
        Exists => PosixError.Exists,
        Invalid => PosixError.Invalid,
        _ when error == QuotaExceeded => PosixError.DeviceFull,
        _ when error == Again => PosixError.Again,
        _ when error == NoSystemCall || error == NotSupported => PosixError.NotSupported,
        102 when OperatingSystem.IsMacOS() => PosixError.NotSupported,
        _ => PosixError.Other,
    };
}
