namespace NativeVm.Tool.Processes;

/// <summary>Finds programs as a shell does: along <c>PATH</c>, unless the name has a directory in it.</summary>
internal static class ProgramPath
{
    private const UnixFileMode Executable =
        UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>Finds a program.</summary>
    /// <param name="name">Its name or path.</param>
    /// <param name="path">The file; where nothing can be executed, one of that name that cannot, or null.</param>
    /// <returns>Whether it is there and can be executed.</returns>
    public static bool TryFind(string name, out string? path)
    {
        path = null;
        foreach (string candidate in Candidates(name))
        {
            if (!File.Exists(candidate))
            {
                continue;
            }

            path ??= candidate;
            if (OperatingSystem.IsWindows() || (File.GetUnixFileMode(candidate) & Executable) != 0)
            {
                path = candidate;
                return true;
            }
        }

        return false;
    }

    private static IEnumerable<string> Candidates(string name) => name.Length == 0
        ? []
        : name.Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? [Path.GetFullPath(name)]
            : (Environment.GetEnvironmentVariable("PATH") ?? string.Empty)
                .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
                .Select(folder => Path.Combine(folder, name));
}
