using System.Globalization;
using System.Runtime.InteropServices;

namespace NativeVm.Tool.Interop;

/// <summary>Asks processes to end, which .NET can only force them to.</summary>
internal static partial class PosixProcess
{
    private const int Terminate = 15;

    /// <summary>Sends <c>SIGTERM</c> to the children of a process; where Linux does not tell them, to nobody.</summary>
    /// <param name="processId">The process.</param>
    public static void RequestEndOfChildren(int processId)
    {
        string path = $"/proc/{processId}/task/{processId}/children";
        try
        {
            foreach (string child in File.ReadAllText(path).Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                _ = Kill(int.Parse(child, CultureInfo.InvariantCulture), Terminate);
            }
        }
        catch (IOException)
        {
            // The process has ended, and its children have nobody to report to.
            return;
        }
    }

    /// <summary><c>kill(2)</c>; a process that has ended already is no error.</summary>
    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int processId, int signal);
}
