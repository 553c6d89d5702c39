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

    /// <summary>ENOTSUP; on macOS EOPNOTSUPP is another number.</summary>
    public static int NotSupported { get; } = PosixConstants.System == PosixSystem.Linux ? 95 : 45;

    /// <summary>The name of an error of this system.</summary>
    public static PosixError Classify(int error) => Classify(error, PosixConstants.System);

    /// <summary>The name of an error of a system.</summary>
    public static PosixError Classify(int error, PosixSystem system) => error switch
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
        _ => system switch
        {
            PosixSystem.Linux => OfLinux(error),
            PosixSystem.MacOS when error == 102 => PosixError.NotSupported,
            _ => OfBsd(error),
        },
    };

    private static PosixError OfLinux(int error) => error switch
    {
        11 => PosixError.Again,
        122 => PosixError.DeviceFull,
        38 or 95 => PosixError.NotSupported,
        _ => PosixError.Other,
    };

    private static PosixError OfBsd(int error) => error switch
    {
        35 => PosixError.Again,
        69 => PosixError.DeviceFull,
        78 or 45 => PosixError.NotSupported,
        _ => PosixError.Other,
    };
}
