using System.Runtime.InteropServices;

namespace NativeVm.Tool.Interop;

/// <summary>Asks a process to end, which .NET can only force it to.</summary>
internal static partial class PosixSignal
{
    private const int Terminate = 15;

    /// <summary>Sends <c>SIGTERM</c>; a process that has ended already is no error.</summary>
    /// <param name="processId">The process.</param>
    public static void RequestEnd(int processId) => Kill(processId, Terminate);

    /// <summary><c>kill(2)</c>.</summary>
    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int processId, int signal);
}
