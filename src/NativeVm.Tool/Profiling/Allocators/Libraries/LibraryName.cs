using NativeVm.Tool.Commands;

namespace NativeVm.Tool.Profiling.Allocators.Libraries;

/// <summary>A malloc library as the command line names it.</summary>
/// <param name="Name">The name to show people.</param>
/// <param name="Path">Its file; null to look for it by name where the system looks for libraries.</param>
internal sealed record LibraryName(string Name, string? Path)
{
    /// <summary>The libraries that take part unasked where they are installed.</summary>
    public static IReadOnlyList<LibraryName> WellKnown { get; } =
        [new("mimalloc", null), new("jemalloc", null), new("tcmalloc", null)];

    /// <summary>Reads a name, a path, or <c>name=path</c>.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="ToolException">The path is no file.</exception>
    public static LibraryName Parse(string text)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        bool isPath = equals < 0 && text.AsSpan().ContainsAny('/', '\\');
        if (equals < 0 && !isPath)
        {
            return new LibraryName(text, null);
        }

        string path = isPath ? text : text[(equals + 1)..].Trim();
        string name = isPath ? ShortName(text) : text[..equals].Trim();
        if (name.Length == 0 || path.Length == 0)
        {
            throw ToolException.BadInput($"'{text}' names no library; write name=/path/to/library.");
        }

        return File.Exists(path)
            ? new LibraryName(name, System.IO.Path.GetFullPath(path))
            : throw ToolException.BadInput($"{path} does not exist.");
    }

    /// <summary>The files to try.</summary>
    public IEnumerable<string> Candidates()
    {
        if (Path is not null)
        {
            return [Path];
        }

        string[] stems = Name.Equals("tcmalloc", StringComparison.OrdinalIgnoreCase) ? ["tcmalloc_minimal", "tcmalloc"] : [Name];
        return stems.SelectMany(stem => OperatingSystem.IsWindows()
            ? [$"{stem}.dll", $"lib{stem}.dll"]
            : OperatingSystem.IsMacOS()
                ? (string[])[$"lib{stem}.dylib", $"lib{stem}.2.dylib", $"lib{stem}.4.dylib"]
                : [$"lib{stem}.so", $"lib{stem}.so.2", $"lib{stem}.so.4", $"lib{stem}.so.3", $"lib{stem}.so.1"]);
    }

    // "/usr/lib/libmimalloc.so.2.0" is mimalloc.
    private static string ShortName(string path)
    {
        string file = System.IO.Path.GetFileName(path);
        string stem = file.Split('.')[0];
        return stem.StartsWith("lib", StringComparison.Ordinal) && stem.Length > 3 ? stem[3..] : stem.Length != 0 ? stem : file;
    }
}
