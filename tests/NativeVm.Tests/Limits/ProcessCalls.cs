using System.Runtime.InteropServices;

namespace NativeVm.Tests.Limits;

/// <summary>Calls of the system that only these tests make.</summary>
internal static unsafe partial class ProcessCalls
{
    /// <summary>Makes a process that is a copy of this one with the calling thread only; 0 in the copy.</summary>
    [LibraryImport("libc", EntryPoint = "fork")]
    public static partial int Fork();

    /// <summary>Waits for the end of a process.</summary>
    [LibraryImport("libc", EntryPoint = "waitpid")]
    public static partial int Wait(int process, int* status, int options);

    /// <summary>Ends the process and runs nothing more of it.</summary>
    [LibraryImport("libc", EntryPoint = "_exit")]
    public static partial void End(int code);

    /// <summary>Which pages of a range are in memory; -1 when part of it is not mapped.</summary>
    [LibraryImport("libc", EntryPoint = "mincore")]
    public static partial int LookAt(nuint address, nuint byteCount, byte* pages);

    /// <summary>Opens a file.</summary>
    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags);

    /// <summary>Reads into memory; -1, and nothing dies, where the memory cannot be written.</summary>
    [LibraryImport("libc", EntryPoint = "read")]
    public static partial nint Read(int file, nuint address, nuint byteCount);
}
