using System.Globalization;
using NativeVm.Tool.Commands;
using NativeVm.Tool.Traces;

namespace NativeVm.Tool.Spaces;

/// <summary>Finds the address space that a word on the command line names.</summary>
internal static class SpaceSource
{
    /// <summary>The word for the tool's own process.</summary>
    public const string Self = "self";

    /// <summary>Opens an address space.</summary>
    /// <param name="name">A process number, <see cref="Self"/>, or a trace of memory calls.</param>
    /// <param name="moment">The moment of a trace.</param>
    /// <exception cref="ToolException">There is no such process or trace.</exception>
    public static ISpaceSource Open(string name, TraceMoment moment)
    {
        if (name == Self)
        {
            return OfProcess(Environment.ProcessId);
        }

        return int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int processId) && !File.Exists(name)
            ? OfProcess(processId)
            : new TracedProcess(TraceFile.Read(name), moment);
    }

    private static ISpaceSource OfProcess(int processId) => OperatingSystem.IsWindows() ? new WindowsProcess(processId)
        : OperatingSystem.IsLinux() ? new LinuxProcess(processId)
        : throw ToolException.BadInput("this system does not show the address space of a process; traces can be drawn.");
}
