namespace NativeVm.Testing;

/// <summary>The systems that a scenario is swept on.</summary>
[Flags]
public enum FaultSystems
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>A simulated system like POSIX, whose memory is not there.</summary>
    PosixLike = 1,

    /// <summary>A simulated system like Windows, whose memory is not there.</summary>
    WindowsLike = 2,

    /// <summary>The operating system, for what reads and writes its pages.</summary>
    Real = 4,

    /// <summary>Both simulated systems.</summary>
    Simulated = PosixLike | WindowsLike,
}
