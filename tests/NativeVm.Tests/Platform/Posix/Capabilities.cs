using System.Runtime.InteropServices;

namespace NativeVm.Tests.Platform.Posix;

/// <summary>Takes the privileged user's exemption from the lock limit off the calling thread: <c>capset(2)</c>.</summary>
internal static unsafe partial class Capabilities
{
    private const uint Version3 = 0x2008_0522;
    private const uint LockBit = 1u << 14;

    public static void DropLocking()
    {
        // Two words of header; two sets of effective, permitted and inheritable.
        uint* header = stackalloc uint[] { Version3, 0 };
        uint* sets = stackalloc uint[6];
        Assert.Equal(0, Get(header, sets));
        sets[0] &= ~LockBit;
        Assert.Equal(0, Set(header, sets));
    }

    [LibraryImport("libc", EntryPoint = "capget")]
    private static partial int Get(uint* header, uint* sets);

    [LibraryImport("libc", EntryPoint = "capset")]
    private static partial int Set(uint* header, uint* sets);
}
