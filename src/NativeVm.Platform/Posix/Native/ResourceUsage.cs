using System.Runtime.InteropServices;

namespace NativeVm.Platform.Posix.Native;

/// <summary>
/// <c>struct rusage</c> of a 64-bit system: two times of 16 bytes and fourteen counters of 8, on Linux, macOS and
/// FreeBSD alike.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 144)]
internal struct ResourceUsage
{
    /// <summary><c>ru_maxrss</c>, in units of <see cref="PosixConstants.PeakResidentUnit"/>.</summary>
    [FieldOffset(32)]
    public long PeakResident;

    /// <summary><c>ru_minflt</c>.</summary>
    [FieldOffset(64)]
    public long MinorFaults;

    /// <summary><c>ru_majflt</c>.</summary>
    [FieldOffset(72)]
    public long MajorFaults;
}
