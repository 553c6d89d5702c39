using System.Diagnostics;
using System.Runtime.InteropServices;

namespace NativeVm.Tool.Profiling.Hosts;

/// <summary>Starts this program once more.</summary>
internal static class SelfProcess
{
    private const string Assembly = "NativeVm.Tool";

    /// <summary>
    /// Whether it can be done: not on Windows, where lanes share this process and their resident sets are not told.
    /// </summary>
    public static bool IsPossible => !OperatingSystem.IsWindows() && Command() is not null;

    /// <summary>What starts this program with arguments.</summary>
    /// <param name="arguments">The arguments.</param>
    /// <exception cref="PlatformNotSupportedException">It is not possible.</exception>
    public static ProcessStartInfo Start(params string[] arguments)
    {
        string[] command = Command() ?? throw new PlatformNotSupportedException("This program's file is not to be found.");
        return new ProcessStartInfo(command[0], [.. command[1..], .. arguments]);
    }

    // As a .NET tool and under "dotnet run" the process is the program itself, or dotnet with its assembly; where the
    // assembly is used by another program it lies beside that one, and dotnet is where the runtime is.
    private static string[]? Command()
    {
        string? self = Environment.ProcessPath;
        string name = Path.GetFileNameWithoutExtension(self) ?? string.Empty;
        if (self is not null && Path.GetFileName(self) == Assembly)
        {
            return [self];
        }

        string assembly = Path.Combine(AppContext.BaseDirectory, Assembly + ".dll");
        if (!File.Exists(assembly))
        {
            return null;
        }

        string host = name == "dotnet"
            ? self!
            : Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));
        return File.Exists(host) ? [host, assembly] : null;
    }
}
