namespace NativeVm.Platform.Posix.Native;

/// <summary>The systems of POSIX that the platform knows.</summary>
internal enum PosixSystem
{
    /// <summary>Linux, with any C library.</summary>
    Linux,

    /// <summary>macOS.</summary>
    MacOS,

    /// <summary>FreeBSD.</summary>
    FreeBSD,
}
