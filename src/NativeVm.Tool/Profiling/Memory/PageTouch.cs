using System.Runtime.CompilerServices;

namespace NativeVm.Tool.Profiling.Memory;

/// <summary>Writes a byte to each page of a run, so that it is resident.</summary>
internal static class PageTouch
{
    private static readonly nuint PageSize = (nuint)Environment.SystemPageSize;

    /// <summary>Touches a run.</summary>
    /// <param name="first">Its first byte.</param>
    /// <param name="byteCount">Its length in bytes.</param>
    public static void All(ref byte first, nuint byteCount)
    {
        for (nuint offset = 0; offset < byteCount; offset += PageSize)
        {
            Volatile.Write(ref Unsafe.Add(ref first, offset), 1);
        }
    }
}
